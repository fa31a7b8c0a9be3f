#!/usr/bin/python3
"""A complex transient against the real one: the same wired crossbar under a turning (complex) and a swinging (real) nudge of one period.

Reason: complex arithmetic costs three to four times real arithmetic; whatever a complex run costs beyond that is waste. Both runs take the
same steps, so the ratio of their times is that of the linear algebra and the device equations.

Prints medians of the analysis alone (seconds), the numbers of steps, and the ratio per step.

    tests/bench/complex.py [--settle build/release/settle] [--sizes 64] [--repeats 5]
"""
import argparse, json, os, statistics, subprocess, tempfile


def deck(n, signal):
    last = n - 1
    return "\n".join([f"wired crossbar {n} x {n} under a {signal} nudge", f"V[i=0:{last}] in[i] 0 {{0.1+0.64*i/{n}}}",
                      f"Ycrossbar xb in[0:{last}] out[0:{last}] g={{uniform(5u,50u)}} rrow=2 rcol=2 crow=0.1f ccol=0.1f",
                      f"D[0:{last}] out[0:{last}] 0 dm", f"C[0:{last}] out[0:{last}] 0 10f", ".model dm d is=1p",
                      f".teach v(out[3])=0.5 signal={signal} beta=20u period=20n", ".tran 100p 20n", ".save v(out[3])", ".end", ""])


def measured(settle, folder, n, signal):
    name = os.path.join(folder, f"{signal}.cir")
    with open(name, "w") as f:
        f.write(deck(n, signal))
    done = subprocess.run([settle, "run", name, "-o", os.path.join(folder, "out.h5"), "--json"], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)["analyses"][0]["stats"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--settle", default="build/release/settle")
    parser.add_argument("--sizes", type=int, nargs="+", default=[64])
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    print(f"{'n':>5} {'real s':>9} {'steps':>6} {'complex s':>10} {'steps':>6} {'ratio per step':>15}")
    with tempfile.TemporaryDirectory() as folder:
        for n in options.sizes:
            runs = {signal: [] for signal in ("cosine", "rotating")}
            for _ in range(options.repeats):  # alternating, so that both see the same machine
                for signal, stats in runs.items():
                    stats.append(measured(os.path.abspath(options.settle), folder, n, signal))
            seconds = {signal: statistics.median(s["seconds"] for s in stats) for signal, stats in runs.items()}
            steps = {signal: stats[0]["steps"] for signal, stats in runs.items()}
            ratio = seconds["rotating"] / steps["rotating"] / (seconds["cosine"] / steps["cosine"])
            print(f"{n:>5} {seconds['cosine']:>9.3f} {steps['cosine']:>6} {seconds['rotating']:>10.3f} {steps['rotating']:>6} {ratio:>15.2f}")


main()
