"""Notices to people who are elsewhere: e-mail and webhook. One attempt a call, then raise."""
