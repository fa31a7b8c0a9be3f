#!/usr/bin/python3
"""Whole-process time of settle against ngspice on the same decks, at reltol 1e-3 and 1e-6, with the error of both.

Reason: an implicit method of fourth order on the circuit's own equations must beat the trapezoidal rule on companion models, and a wired
crossbar must be simulated in well under a second. Ratios of one run are to be quoted, never single times.

The error is the worst saved signal's time-weighted rms difference from settle at reltol 1e-8, relative to its range; of the ring
oscillator it is that of the period.

    tests/bench/against_ngspice.py [--settle build/release/settle] [--runs 3] [--quick] [name ...]
"""
import argparse, os, random, re, subprocess, sys, tempfile, time
import h5py
import numpy as np


def rc_ladder(n=10000):
    """A front that leaves most of a large linear circuit idle."""
    lines = ["RC ladder", "V1 n0 0 PULSE(0 1 0 10n 10n 400n 1u)"]
    for k in range(n):
        lines += [f"R{k} n{k} n{k+1} 1", f"C{k} n{k+1} 0 1p"]
    return lines, ".tran 2n 2u", ["v(n10)", "v(n100)", "v(n300)"]


def rectifier():
    """Few unknowns, hard switching diodes: the cost of a step of a small circuit."""
    return ["full-wave rectifier", "V1 a b SIN(0 10 50)", "Rg b 0 1meg", "D1 a out dx", "D2 b out dx", "D3 0 a dx", "D4 0 b dx",
            "C1 out 0 100u", "R1 out 0 1k", ".model dx D(is=1e-14 rs=0.1 cjo=20p tt=5n)"], ".tran 50u 100m", ["v(out)", "v(a)"]


def ring(stages=5):
    """Transistors that never rest. One stage starts apart: were all alike, rounding would decide when the oscillation begins."""
    lines = ["ring oscillator", "Vdd vdd 0 PULSE(0 3 0 1n 1n 1 2)", ".model n NMOS(vto=0.7 kp=110u gamma=0.4 lambda=0.04 phi=0.65)",
             ".model p PMOS(vto=-0.7 kp=50u gamma=0.57 lambda=0.05 phi=0.65)", ".ic v(s0)=1"]
    for k in range(stages):
        a, b = f"s{k}", f"s{(k + 1) % stages}"
        lines += [f"Mp{k} {b} {a} vdd vdd p w=20u l=1u", f"Mn{k} {b} {a} 0 0 n w=10u l=1u", f"C{k} {b} 0 50f"]
    return lines, ".tran 10p 20n uic", ["v(s0)", "v(s1)"]


def crossbar(n=64):
    """A large mesh: the cost of a factorization."""
    draw = random.Random(1)
    lines = [f"wired crossbar {n}x{n}"]
    for r in range(n):
        v = draw.uniform(0.1, 1.0)
        lines += [f"V{r} in{r} 0 PULSE(0 {v:.4f} 5n 1n 1n 90n 200n)", f"Rs{r} in{r} r{r}_0 10"]
        for c in range(n):
            if c:
                lines.append(f"Rr{r}_{c} r{r}_{c-1} r{r}_{c} 2")
            lines += [f"Cr{r}_{c} r{r}_{c} 0 1f", f"Cc{r}_{c} c{r}_{c} 0 1f", f"Rm{r}_{c} r{r}_{c} c{r}_{c} {draw.uniform(1e4, 1e6):.1f}"]
            if r:
                lines.append(f"Rc{r}_{c} c{r-1}_{c} c{r}_{c} 2")
    lines += [f"Rl{c} c{n-1}_{c} 0 100" for c in range(n)]
    return lines, ".tran 1n 200n", [f"v(c{n-1}_0)", f"v(c{n-1}_{n-1})", f"v(r{n//2}_{n//2})"]


def write(folder, name, deck, reltol):
    lines, tran, saves = deck
    path = os.path.join(folder, f"{name}_{reltol:g}.cir")
    scale = reltol / 1e-3
    options = f".options reltol={reltol:g} abstol={1e-12 * scale:g} vntol={1e-6 * scale:g}"
    with open(path, "w") as f:
        f.write("\n".join(lines + [options, tran, ".save " + " ".join(saves), ".end", ""]))
    return path


def timed(command):
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}")
    return time.perf_counter() - start


def read_raw(path):
    data = open(path, "rb").read()
    head, _, body = data.partition(b"Binary:\n")
    text = head.decode()
    count = int(re.search(r"No\. Points: *(\d+)", text).group(1))
    names = [line.split()[1].lower() for line in text.split("Variables:\n")[1].strip().splitlines()]
    table = np.frombuffer(body, dtype=float, count=count * len(names)).reshape(count, len(names))
    return {name: table[:, k] for k, name in enumerate(names)}


def read_trace(path):
    with h5py.File(path) as f:
        g = f["tran1"]
        nodes = [s.decode() for s in g["node"][:]]
        return {"time": g["time"][:], **{f"v({n})": g["v"][:, k] for k, n in enumerate(nodes)}}


def error(run, reference, saves):
    """Largest time-weighted rms difference of a saved signal, relative to its range."""
    worst = 0.0
    for name in saves:
        t = reference["time"]
        d = np.interp(t, run["time"], run[name]) - reference[name]
        rms = np.sqrt(np.trapz(d * d, t) / (t[-1] - t[0]))
        worst = max(worst, rms / np.ptp(reference[name]))
    return worst


def period(run, reference, saves):
    """Error of the oscillation's period over the second half: what a ring oscillator is simulated for; phases of two right answers drift apart."""
    def mean(of):
        t, v = of["time"], of[saves[0]]
        level = 0.5 * (np.max(v) + np.min(v))
        up = np.flatnonzero((v[:-1] < level) & (v[1:] >= level) & (t[:-1] >= 0.5 * t[-1]))
        at = t[up] + (level - v[up]) * (t[up + 1] - t[up]) / (v[up + 1] - v[up])
        return (at[-1] - at[0]) / (len(at) - 1)
    return abs(mean(run) / mean(reference) - 1.0)


# name: deck, measure of the error
DECKS = {"rc_ladder_10000": (rc_ladder, error), "rectifier": (rectifier, error), "ring_oscillator": (ring, period), "crossbar_64x64": (crossbar, error)}


LOOSER = [m * 10.0**-k for k in range(1, 7) for m in (1.0, 0.5, 0.2)]


def matched(run_ours, theirs_error):
    """The loosest reltol at which settle is at least as right as ngspice was."""
    for reltol in LOOSER:
        if run_ours(reltol)[1] <= theirs_error:
            return reltol
    return LOOSER[-1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--settle", default="build/release/settle")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="skip reltol 1e-6")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    print(f"{'deck':18} {'ngspice at reltol':>26} {'error':>8} | {'settle at the same':>18} {'error':>8} {'ratio':>7} | {'at equal error, reltol':>23} {'ratio':>7}")
    with tempfile.TemporaryDirectory() as folder:
        for name, (make, measure) in DECKS.items():
            if arguments.names and name not in arguments.names:
                continue
            deck, trace, raw = make(), os.path.join(folder, "x.h5"), os.path.join(folder, "x.raw")
            timed([arguments.settle, "run", write(folder, name, deck, 1e-8), "-o", trace, "--quiet"])
            reference = read_trace(trace)

            def run_ours(reltol):
                seconds = timed([arguments.settle, "run", write(folder, name, deck, reltol), "-o", trace, "--quiet"])
                return seconds, measure(read_trace(trace), reference, deck[2])

            def run_theirs(reltol):
                seconds = timed(["ngspice", "-b", "-r", raw, write(folder, name, deck, reltol)])
                return seconds, measure(read_raw(raw), reference, deck[2])

            for reltol in [1e-3] if arguments.quick else [1e-3, 1e-6]:
                first = run_theirs(reltol)
                equal = matched(run_ours, first[1])
                theirs, same, even = [first[0]], [], []
                for _ in range(arguments.runs):  # in turn, so that all see the same machine
                    same.append(run_ours(reltol)[0])
                    even.append(run_ours(equal)[0])
                    if first[0] < 20.0:
                        theirs.append(run_theirs(reltol)[0])
                median = [sorted(times)[len(times) // 2] for times in (theirs, same, even)]
                print(f"{name:18} {median[0]:15.3f} s {reltol:8g} {first[1]:8.1e} | {median[1]:16.3f} s {run_ours(reltol)[1]:8.1e} {median[0] / median[1]:6.1f}x | "
                      f"{median[2]:12.3f} s {equal:8g} {median[0] / median[2]:6.1f}x", flush=True)


main()
