#!/usr/bin/python3
"""Crossbars with wire resistance: settle against ngspice on the exported deck and against sparse LU of the whole node equations in SciPy.

Reason: every crossing has two wire nodes, so a general sparse solver's work grows much faster than the array. A solver that knows the wires must
keep a chip-sized array within seconds, and the result must be that of the others.

SciPy's solver is the published way of badcrossbar (doi:10.1016/j.softx.2020.100617): all node equations in one sparse matrix, spsolve.
Ratios of one run are to be quoted, never single times. Whole processes for settle and ngspice, the bare solve for SciPy; "scaling" is the
exponent of the number of crossings between one line and the next.

    tests/bench/crossbar.py [--settle build/release/settle] [--sizes 64 128 256 512 1024] [--ngspice 64] [--spsolve 256] [--transient 64 128]
"""
import argparse, math, os, re, subprocess, sys, tempfile, time
import h5py
import numpy as np

RW = 2.0  # ohms per segment of every wire


def conductances(n):
    return 1e-6 * np.random.default_rng(1).uniform(1.0, 100.0, (n, n))


def dc_deck(n, folder):
    """Rows driven from the left by 0.2 V and less, columns at virtual grounds at the bottom."""
    np.save(os.path.join(folder, f"g{n}.npy"), conductances(n))
    return "\n".join([f"wired crossbar {n} x {n}", f"Vr[i=0:{n-1}] in[0:{n-1}] 0 {{0.2/(1+i/{n})}}",
                      f"Ycrossbar xb in[0:{n-1}] out[0:{n-1}] g=\"g{n}.npy\" rrow={RW} rcol={RW}", f"Vc[0:{n-1}] out[0:{n-1}] 0 0",
                      ".options reltol=1e-9 vntol=1e-12 abstol=1e-15", ".op", ".save i(vc[*])", ".end", ""])


def transient_deck(n, folder, reltol):
    """A pulse into all rows, 1 fF at every wire node, a diode and a resistor at the end of every column."""
    np.save(os.path.join(folder, f"g{n}.npy"), conductances(n))
    return "\n".join([f"wired crossbar {n} x {n}, pulse", f"Vr[i=0:{n-1}] in[0:{n-1}] 0 PULSE(0 {{0.5+0.5*i/{n}}} 5n 1n 1n 90n 200n)",
                      f"Ycrossbar xb in[0:{n-1}] out[0:{n-1}] g=\"g{n}.npy\" rrow={RW} rcol={RW} crow=1f ccol=1f rdrive=10",
                      f"Rl[0:{n-1}] out[0:{n-1}] 0 200", f"Dl[0:{n-1}] out[0:{n-1}] 0 dl", ".model dl D(is=1e-12 n=1.5)",
                      f".options reltol={reltol:g} vntol={reltol*1e-3:g} abstol={reltol*1e-9:g}", ".tran 1n 200n", f".save v(out[0]) v(out[{n//2}]) v(out[{n-1}])",
                      ".end", ""])


def timed(command, folder):
    """Seconds and peak memory in MB of a whole process."""
    start = time.perf_counter()
    done = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder)
    text = done.stdout.read()
    _, status, usage = os.wait4(done.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} failed:\n{text[-2000:]}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024.0


def write(folder, name, text):
    with open(os.path.join(folder, name), "w") as f:
        f.write(text)
    return name


def export(settle, folder, deck, raw):
    """The deck for ngspice, told to leave a binary file."""
    text = subprocess.run([settle, "export", deck, "--to", "ngspice"], cwd=folder, stdout=subprocess.PIPE, check=True, text=True).stdout
    return write(folder, deck.replace(".cir", "_ngspice.cir"), re.sub(r"\n\.end\s*$", f"\n.control\nset filetype=binary\nrun\nwrite {raw}\nquit 0\n.endc\n.end\n", text))


def read_raw(path):
    data = open(path, "rb").read()
    head, _, body = data.partition(b"Binary:\n")
    text = head.decode()
    count = int(re.search(r"No\. Points: *(\d+)", text).group(1))
    names = [line.split()[1].lower() for line in text.split("Variables:\n")[1].strip().splitlines()]
    table = np.frombuffer(body, dtype=float, count=count * len(names)).reshape(count, len(names))
    return {name: table[:, k] for k, name in enumerate(names)}


def column_currents(path):
    with h5py.File(path) as f:
        return f["op1/i"][0]


def spsolve(n):
    """Seconds of the solve and the columns' currents."""
    import scipy.sparse
    from scipy.sparse.linalg import spsolve
    g, gw, rows, columns, values = conductances(n), 1.0 / RW, [], [], []
    node = np.arange(n * n).reshape(n, n)
    r, c = node, node + n * n
    rhs = np.zeros(2 * n * n)

    def tie(a, b, y):
        rows.extend([a, a, b, b]), columns.extend([a, b, a, b]), values.extend([y, -y, -y, y])
    flat = lambda x: x.reshape(-1)
    tie(flat(r), flat(c), flat(g))
    tie(flat(r[:, :-1]), flat(r[:, 1:]), np.full(n * (n - 1), gw))
    tie(flat(c[:-1]), flat(c[1:]), np.full(n * (n - 1), gw))
    for ends in (r[:, 0], c[-1]):
        rows.append(ends), columns.append(ends), values.append(np.full(n, gw))
    rhs[r[:, 0]] = gw * 0.2 / (1 + np.arange(n) / n)
    matrix = scipy.sparse.coo_matrix((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))).tocsc()
    start = time.perf_counter()
    v = spsolve(matrix, rhs)
    return time.perf_counter() - start, gw * v[c[-1]]


def scaling(n, seconds, last):
    return f"{math.log(seconds / last[1]) / math.log((n / last[0]) ** 2):5.2f}" if last else "     "


def dc(arguments, folder):
    print(f"{'DC':>5} | {'settle':>8} {'memory':>8} {'scaling':>7} | {'ngspice':>8} {'ratio':>7} {'difference':>10} | {'spsolve':>8} {'ratio':>7} {'difference':>10}")
    last = None
    for n in arguments.sizes:
        deck = write(folder, f"dc{n}.cir", dc_deck(n, folder))
        seconds, memory = min(timed([arguments.settle, "run", deck, "-o", "dc.h5", "--quiet"], folder) for _ in range(3))
        ours = column_currents(os.path.join(folder, "dc.h5"))
        line = f"{n:5} | {seconds:6.3f} s {memory:5.0f} MB {scaling(n, seconds, last):>7} |"
        last = (n, seconds)
        if n <= arguments.ngspice:
            theirs_deck = export(arguments.settle, folder, deck, "dc.raw")
            theirs, _ = timed(["ngspice", "-b", theirs_deck], folder)
            raw = read_raw(os.path.join(folder, "dc.raw"))
            values = np.array([value[0] for name, value in raw.items() if name.startswith("i(")])
            difference = np.max(np.abs(np.sort(np.abs(values)) - np.sort(np.abs(ours)))) / np.max(np.abs(ours)) if len(values) == len(ours) else float("nan")
            line += f" {theirs:6.2f} s {theirs / seconds:6.1f}x {difference:10.1e} |"
        else:
            line += f" {'':8} {'':7} {'':10} |"
        if n <= arguments.spsolve:
            theirs, values = spsolve(n)
            line += f" {theirs:6.2f} s {theirs / seconds:6.1f}x {np.max(np.abs(np.abs(values) - np.abs(ours))) / np.max(np.abs(ours)):10.1e}"
        print(line, flush=True)


def trace(path):
    with h5py.File(path) as f:
        g = f["tran1"]
        return {"time": g["time"][:], **{f"v({s.decode()})": g["v"][:, k] for k, s in enumerate(g["node"][:])}}


def error(run, reference):
    """Largest time-weighted rms difference of a saved signal, relative to its range."""
    t, worst = reference["time"], 0.0
    for name in reference:
        if name == "time":
            continue
        d = np.interp(t, run["time"], run[name]) - reference[name]
        worst = max(worst, np.sqrt(np.trapz(d * d, t) / (t[-1] - t[0])) / np.ptp(reference[name]))
    return worst


def transient(arguments, folder):
    print(f"\n{'tran':>5} {'reltol':>8} | {'settle':>8} {'memory':>8} {'error':>8} | {'ngspice':>8} {'error':>8} {'ratio':>7}")
    for n in arguments.transient:
        run = lambda reltol: timed([arguments.settle, "run", write(folder, f"t{n}.cir", transient_deck(n, folder, reltol)), "-o", "t.h5", "--quiet"], folder)
        run(1e-7)
        reference = trace(os.path.join(folder, "t.h5"))
        for reltol in (1e-3, 1e-4, 1e-5):
            seconds, memory = min(run(reltol) for _ in range(3))
            print(f"{n:5} {reltol:8g} | {seconds:6.3f} s {memory:5.0f} MB {error(trace(os.path.join(folder, 't.h5')), reference):8.1e} |", end="", flush=True)
            if n <= arguments.ngspice and reltol == 1e-3:
                theirs, _ = timed(["ngspice", "-b", export(arguments.settle, folder, f"t{n}.cir", "t.raw")], folder)
                print(f" {theirs:6.2f} s {error(read_raw(os.path.join(folder, 't.raw')), reference):8.1e} {theirs / seconds:6.1f}x", end="")
            print(flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--settle", default="build/release/settle")
    parser.add_argument("--sizes", type=int, nargs="*", default=[64, 128, 256, 512, 1024])
    parser.add_argument("--ngspice", type=int, default=64, help="largest array for ngspice; 128 takes minutes for .op and half an hour for .tran")
    parser.add_argument("--spsolve", type=int, default=256, help="largest array for SciPy")
    parser.add_argument("--transient", type=int, nargs="*", default=[64, 128])
    arguments = parser.parse_args()
    arguments.settle = os.path.abspath(arguments.settle)
    try:
        import scipy.sparse
    except ImportError:
        print("SciPy is missing (Debian: python3-scipy): its column stays empty")
        arguments.spsolve = 0
    with tempfile.TemporaryDirectory() as folder:
        dc(arguments, folder)
        transient(arguments, folder)


if __name__ == "__main__":
    main()
