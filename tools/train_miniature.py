"""Train the miniature Whisper of the tests and the demo from nothing: espeak-ng speaks, a small model listens.

Usage: ./run train-miniature OUT [--minutes 60] [--threads N]

OUT gets speech.npz (the spoken sentences), log.jsonl, state.pt (interrupted, the same command goes on from
it), and at the end mini-pl.compact.pt, the expanded mini-pl.pt and result.json, measured on voices that the
model never heard. Nothing is downloaded; espeak-ng must be installed.
"""

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(Path(__file__).resolve().parent))
SENTENCES = ROOT / "captions" / "miniature" / "sentences.txt"
TIMES_EACH = 30


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, metavar="OUT", help="folder for the checkpoint, the log and the speech")
    parser.add_argument("--sentences", type=Path, default=SENTENCES, help="text file, a sentence a line")
    parser.add_argument(
        "--minutes",
        type=float,
        default=60.0,
        help="minutes of computing on each thread (default: 60)",
    )
    parser.add_argument("--steps", type=int, help="a number of steps in place of the minutes")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--recordings", type=int, default=8, help="recordings to measure it on at the end")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--smoke", action="store_true", help="two steps on three sentences: does everything run?")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    os.environ.setdefault("OMP_NUM_THREADS", str(options.threads))

    import torch
    from miniature import evaluate, speech
    from miniature.data import Composer
    from miniature.model import Miniature
    from miniature.training import Budget, Trainer
    from miniature.vocabulary import Vocabulary, expand

    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    sentences = speech.read_sentences(options.sentences)
    times, budget, recordings = TIMES_EACH, Budget(options.minutes, options.steps), options.recordings
    if options.smoke:
        sentences, times, budget, recordings = sentences[:3], 2, Budget(steps=2), 0

    spoken = out / "speech.npz"
    if not spoken.exists():
        clips = speech.speak_all(sentences, speech.TRAINING_VOICES, times=times, seed=1)
        speech.save_clips(clips, spoken)
    clips = speech.load_clips(spoken)
    hours = sum(len(clip.samples) for clip in clips) / speech.RATE / 3_600
    vocabulary = Vocabulary(sentences)
    model = Miniature(vocabulary)
    weights = sum(parameter.numel() for parameter in model.whisper.parameters())
    print(f"{len(clips)} clips, {hours:.1f} h; {vocabulary.size} rows, {weights} weights", flush=True)

    trainer = Trainer(model, Composer(vocabulary, clips, options.seed), budget, out)
    trainer.resume()
    trainer.run()
    compact, full = out / "mini-pl.compact.pt", out / "mini-pl.pt"
    model.save(compact)
    expand(compact, full)
    result = evaluate.evaluate(full, sentences, recordings=recordings)
    (out / "result.json").write_text(json.dumps(asdict(result), indent=2) + "\n", "utf-8")
    print(evaluate.shown(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
