#!/usr/bin/python3
"""Samples per second of training by holomorphic EP with six points: settle against plain PyTorch, and what share of the machine's matrix-product rate that is.

Reason: training is many small relaxations, whose products and sigmoids must run near the machine's limit. A plain PyTorch program is what
the papers have, so settle must beat it on the same network, data and batch.

Networks: Fashion-MNIST, 784-256-10 and 784-256-256-10 with feedback arrays of their own, biases, activity 1/(1+exp(-4u+2)), weights N(0, 0.7^2 / fan-in),
radius of the nudge a tenth of the leak, plain gradient descent. PyTorch (learning_torch.py says what it does) takes 100 free and 20 nudged steps, settle
stops when settled, in double precision and in single. That both compute the same is checked first: the cosine of their first update must be above .999.

What is timed. PyTorch: updates alone, behind a first one. settle: the seconds of `.train` for three epochs less those for one, over two epochs of
samples, so that reading data, building the circuit and the final scoring are not counted; by then samples start from their last rest state, as in
any training. "first epoch" starts from nothing: the seconds for many samples less those for few, the final scoring included.

Both run in turn, several times; medians and the range are given, and the ratio to the faster form of PyTorch's. Ratios of one run are to be quoted, never single figures. --clock cpu counts the processor's
seconds instead of the wall's, which other programs on the machine disturb less (one thread only). Flops are those of the input's, the gradient's and the relaxation's
products. For settle "equal" takes PyTorch's number of steps, so that it may exceed 100 %; "own" are those that settle did, where `settle run --json` tells
them (a fact "matrix products").

Needs Debian's python3-torch and libopenblas0-pthread (python3-torch alone brings a BLAS 10 to 50 times slower). --blas names a folder with another libblas.so.3.

    tests/bench/learning.py [--settle build/release/settle] [--networks 784-256-10 ...] [--batches 50 256] [--threads 1 2] [--repeats 3] [--seconds 2] [--quick]
"""
import argparse, json, os, resource, statistics, subprocess, sys, tempfile
import numpy as np

LEAK, RATE = 1e-4, 0.1  # S; of gradient descent in units of the leak: the papers' .01 with momentum .9
HERE = os.path.dirname(os.path.abspath(__file__))


def weights(layers):
    draw = np.random.default_rng(1)
    shapes = {f"f{l + 1}": (layers[l], layers[l + 1]) for l in range(len(layers) - 1)}
    shapes |= {f"b{l + 1}": (layers[l + 1], layers[l]) for l in range(1, len(layers) - 1)}
    return {name: draw.normal(0.0, 0.7 / np.sqrt(shape[0]), shape) for name, shape in shapes.items()}


def deck(layers, batch, samples, epochs, precision, save=""):
    """Membranes a, activities r; array f leads forward, b back, o gives biases. A weight is two conductances, so that half the rate moves it as far."""
    buffered = f"gbase={LEAK} coupling=forward ground=virtual"
    lines = ["hEP training, " + "-".join(map(str, layers)), ".func phi(v) {1/(1+exp(-4*v+2))}", f".task fashion_mnist limit={samples} held_out=0",
             f"Vx[i=0:{layers[0] - 1}] x[i] 0 0", "Vone one 0 1"]
    for l, n in enumerate(layers[1:], 1):
        below = "x" if l == 1 else f"r{l - 1}"
        lines += [f"Ycrossbar f{l} {below}[0:{layers[l - 1] - 1}] a{l}[0:{n - 1}] w=\"w_f{l}.npy\" {buffered}", f"Ycrossbar o{l} one a{l}[0:{n - 1}] w=0 {buffered}",
                  f"C{l}[i=0:{n - 1}] a{l}[i] 0 1p", f"R{l}[i=0:{n - 1}] a{l}[i] 0 {1 / LEAK}", f"B{l}[i=0:{n - 1}] r{l}[i] 0 v=phi(v(a{l}[i]))"]
        if l > 1:
            lines.append(f"Ycrossbar b{l} r{l}[0:{n - 1}] a{l - 1}[0:{layers[l - 1] - 1}] w=\"w_b{l}.npy\" {buffered}")
    last = len(layers) - 1
    lines += [f".input vx[0:{layers[0] - 1}]", f".target v(r{last}[0:{layers[-1] - 1}]) low=0 high=1",
              f".learn rule=hep points=6 beta={0.1 * LEAK} optimizer=sgd rate={0.5 * RATE * LEAK**2}",
              f".train epochs={epochs} batch={batch} unsettled=skip" + (" precision=single" if precision == "single" else "") + (f" shuffle=off save=\"{save}\"" if save else ""), ".end", ""]
    return "\n".join(lines)


class Settle:
    def __init__(self, program, folder, layers, threads):
        self.program, self.folder, self.layers, self.threads = program, folder, layers, threads

    def run(self, *of, **more):
        """The analysis' report and its seconds, by the wall's clock and the processor's (of the whole process); None if it is refused."""
        with open(os.path.join(self.folder, "deck.cir"), "w") as f:
            f.write(deck(self.layers, *of, **more))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([self.program, "run", "deck.cir", "--json", "--threads", str(self.threads), "-o", "out.h5"], cwd=self.folder, capture_output=True, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            if "precision" in done.stderr:
                return None
            sys.exit(f"settle failed:\n{done.stderr[-2000:]}")
        report = json.loads(done.stdout)["analyses"][0]
        return report["facts"] | {"wall": report["stats"]["seconds"], "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}

    def size(self, batch, precision, clock, seconds):
        """Samples of which an epoch takes about that long, and what few cost; None if the precision is refused."""
        few = one = self.run(batch, batch, 1, precision)
        samples, most = batch, 50000 // batch * batch
        while one:
            more = self.run(batch, samples, 2, precision)[clock] - one[clock]
            if more > seconds / 4 or 4 * samples > most:
                return min(most, max(1, round(samples / max(more, 1e-3) * seconds / batch)) * batch), few
            samples *= 4
            one = self.run(batch, samples, 1, precision)

    def measure(self, batch, precision, clock, sized):
        """Samples per second and the products' own rate, if told; samples per second of the first epoch; samples skipped."""
        samples, few = sized
        one, three = (self.run(batch, samples, epochs, precision) for epochs in (1, 3))
        seconds = three[clock] - one[clock]
        own = (three["matrix products"] - one["matrix products"]) / seconds if "matrix products" in three else None
        first = (samples - batch) / max(one[clock] - few[clock], 1e-9) if samples > 3 * batch else None
        return {"rate": 2 * samples / seconds, "own": own, "first": first, "skipped": three["samples skipped"]}


class Torch:
    """learning_torch.py, waiting for requests."""

    def __init__(self, threads, blas):
        env = {name: value for name, value in os.environ.items() if name not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
        env |= {"OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads), "ATEN_CPU_CAPABILITY": "avx512"}
        env |= {"MALLOC_MMAP_THRESHOLD_": "1000000000", "MALLOC_TRIM_THRESHOLD_": "4000000000"}  # else every large tensor costs page faults
        if blas:
            env["LD_LIBRARY_PATH"] = os.path.abspath(blas)
        self.process = subprocess.Popen(["/usr/bin/python3", os.path.join(HERE, "learning_torch.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)
        self.about = json.loads(self.process.stdout.readline())

    def ask(self, do, **what):
        self.process.stdin.write(json.dumps({"do": do, "rate": RATE} | what) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def write_weights(folder, layers):
    for name, w in weights(layers).items():
        np.save(os.path.join(folder, name + ".npy"), w)
        np.save(os.path.join(folder, f"w_{name}.npy"), LEAK * w)


def first_update(settle, batch, precision):
    """What the first batch does to the weights, by array."""
    if settle.run(batch, batch, 1, precision, save="after.csv") is None:
        return None
    start, moved = weights(settle.layers), {}
    for name, w in start.items():
        moved[name] = -w
    for l, n in enumerate(settle.layers[1:], 1):
        moved[f"o{l}"] = np.zeros((1, n))
    with open(os.path.join(settle.folder, "after.csv")) as f:
        next(f)
        for line in f:
            device, _, value = line.split(";")
            name, place = device[:-1].split("[")
            row, column = map(int, place.split(","))
            moved[name][row, column // 2] += (1 - 2 * (column % 2)) * float(value) / LEAK
    return moved


def check(settle, torch, precision):
    """Prints the cosine of the first updates, over all and the least of an array, and their lengths' ratio; ends the program if they differ."""
    ours = first_update(settle, 50, precision)
    if ours is None:
        return print(f"  settle does not know precision={precision}")
    torch.ask("gradient", folder=settle.folder, layers=settle.layers, batch=50, variant="planes")
    theirs = {name: -part.reshape(ours[name].shape) for name, part in np.load(os.path.join(settle.folder, "torch.npz")).items()}
    cosine = lambda a, b: float(np.sum(a * b) / np.sqrt(np.sum(a * a) * np.sum(b * b)))
    join = lambda parts: np.concatenate([parts[name].ravel() for name in ours])
    all_, least = cosine(join(ours), join(theirs)), min(ours, key=lambda name: cosine(ours[name], theirs[name]))
    ratio = np.linalg.norm(join(ours)) / np.linalg.norm(join(theirs)) / RATE
    print(f"  first update, settle {precision} against PyTorch: cosine {all_:.7f}, least of an array {cosine(ours[least], theirs[least]):.7f} ({least}), length {ratio:.5f}", flush=True)
    if not (all_ > 0.999 and abs(ratio - 1.0) < 0.01):
        sys.exit("the two do not compute the same")


def flops(layers, about):
    """Per sample: input, gradient and relaxation products, complex states as two real planes."""
    inner = sum(2 * a * b for a, b in zip(layers[1:], layers[2:]))
    return 2 * layers[0] * layers[1] + 2 * (layers[0] * layers[1] + inner) + 2 * inner * (about["free"] + 2 * about["points"] * about["nudged"])


def spread(values):
    return f"{statistics.median(values):9.0f}/s  ({min(values):.0f} to {max(values):.0f})"


def compare(settle, torch, batch, options):
    clock, rates, told, gemm = options.clock, {}, {}, {"single": [], "double": []}
    sized = {precision: settle.size(batch, precision, clock, options.seconds / 2) for precision in ("double", "single")}
    ask = lambda variant: torch.ask("measure", folder=settle.folder, layers=settle.layers, batch=batch, variant=variant, seconds=options.seconds)[clock]
    for _ in range(options.repeats):
        for name, rate in torch.ask("products", seconds=0.3).items() if torch else ():
            gemm[name].append(rate[clock])
        for form in ("planes", "complex") if torch else ():
            rates.setdefault(f"PyTorch, {form}", []).append(ask(form))
        for precision in ("double", "single"):
            if sized[precision]:
                measured = settle.measure(batch, precision, clock, sized[precision])
                rates.setdefault(f"settle, {precision}", []).append(measured["rate"])
                told.setdefault(f"settle, {precision}", []).append(measured)
    if torch and batch == options.batches[0] and settle.threads == options.threads[0]:
        rates["PyTorch, papers"] = [ask("papers")]
    report(settle, torch, batch, rates, told, {name: statistics.median(values) for name, values in gemm.items() if values})


def report(settle, torch, batch, rates, told, gemm):
    products = ", ".join(f"{name} {rate / 1e9:.0f} GFLOP/s" for name, rate in gemm.items())
    print(f"\n{'-'.join(map(str, settle.layers))}, batch {batch}, {settle.threads} thread{'s' * (settle.threads > 1)}   products: {products or 'not measured'}")
    peer = max((statistics.median(values) for name, values in rates.items() if "PyTorch" in name), default=None)
    for name, values in rates.items():
        rate, line = statistics.median(values), f"  {name:17} {spread(values):36}"
        line += f" {rate / peer:6.2f}x " if peer else ""
        limit = gemm.get("double" if "double" in name else "single")
        if limit and "papers" not in name:
            line += f" {100 * rate * flops(settle.layers, torch.about) / limit:4.0f} % of products" + (" (equal)" if "settle" in name else "")
        if name in told:
            line += of_settle(told[name], limit)
        print(line, flush=True)


def of_settle(measured, limit):
    middle = lambda what: statistics.median(one[what] for one in measured)
    line = f", own {100 * middle('own') / limit:.0f} %" if limit and measured[0]["own"] else ""
    line += f", first epoch {middle('first'):.0f}/s" if measured[0]["first"] else ""
    return line + (f", {middle('skipped'):.0f} samples skipped" if middle("skipped") > 0 else "")


def has_torch():
    if not subprocess.run(["/usr/bin/python3", "-c", "import torch"], capture_output=True).returncode:
        return True
    print("PyTorch is missing (Debian: apt install python3-torch libopenblas0-pthread): settle is timed alone")
    return False


def read_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--settle", default="build/release/settle")
    parser.add_argument("--networks", nargs="+", default=["784-256-10", "784-256-256-10"])
    parser.add_argument("--batches", type=int, nargs="+", default=[50, 256])
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0, help="of one measurement, about")
    parser.add_argument("--blas", default="", help="folder of the libblas.so.3 that PyTorch takes")
    parser.add_argument("--clock", choices=["wall", "cpu"], default="wall")
    parser.add_argument("--quick", action="store_true", help="one repetition, one thread, batch 50")
    options = parser.parse_args()
    options.settle = os.path.abspath(options.settle)
    if options.quick:
        options.repeats, options.batches, options.threads, options.seconds = 1, [50], [1], 1.0
    if options.clock == "cpu" and options.threads != [1]:
        options.threads = [1]
        print("--clock cpu: one thread only")
    return options


def main():
    options = read_options()
    torches = {threads: Torch(threads, options.blas) for threads in options.threads} if has_torch() else {}
    for threads, torch in torches.items():
        print(f"PyTorch {torch.about['version']} on {torch.about['blas']}, {threads} thread{'s' * (threads > 1)}; load of the machine {os.getloadavg()[0]:.1f}")
        if torch.ask("products", seconds=0.1)["single"]["cpu"] < 2e10:
            print("  that is slow: is it the reference BLAS? apt install libopenblas0-pthread, or unpack it and name its folder with --blas")
    for network in options.networks:
        layers = [int(n) for n in network.split("-")]
        with tempfile.TemporaryDirectory() as folder:
            write_weights(folder, layers)
            if torches:
                print(f"\n{network}")
            for precision in ("double", "single") if torches else ():
                check(Settle(options.settle, folder, layers, 1), torches[options.threads[0]], precision)
            for threads in options.threads:
                for batch in options.batches:
                    compare(Settle(options.settle, folder, layers, threads), torches.get(threads), batch, options)
    for torch in torches.values():
        torch.end()


if __name__ == "__main__":
    main()
