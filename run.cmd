@echo off
rem The project's one entry on Windows. WRITTEN, NOT RUN: see docs/windows.md.
rem It installs what is missing by winget, then does what ./run does elsewhere.
setlocal
set "ROOT=%~dp0"

py -3.11 -c "import venv" >nul 2>nul
if errorlevel 1 call :install Python.Python.3.11 "Python 3.11" || exit /b 1

where ffmpeg >nul 2>nul
if errorlevel 1 call :install Gyan.FFmpeg "ffmpeg" || exit /b 1

if not exist "%ProgramFiles%\obs-studio\bin\64bit\obs64.exe" (
  call :install OBSProject.OBSStudio "OBS Studio" || exit /b 1
)

py -3.11 -Es "%ROOT%tools\start.py" %*
exit /b %ERRORLEVEL%

:install
where winget >nul 2>nul
if errorlevel 1 (
  echo %~2 is missing and winget is not here: install it by hand, then run this again. 1>&2
  exit /b 1
)
echo set-up: installing %~2 by winget 1>&2
winget install --exact --id %~1 --silent --accept-package-agreements --accept-source-agreements
if errorlevel 1 exit /b 1
echo set-up: if the next step does not find %~2, close this window and open a new one. 1>&2
exit /b 0
