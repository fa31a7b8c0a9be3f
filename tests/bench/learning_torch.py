#!/usr/bin/python3
"""Training by holomorphic equilibrium propagation in plain PyTorch on the CPU: what tests/bench/learning.py measures settle against.

The network: layers of units with activity r = phi(u) = 1/(1+exp(-4u+2)), forward and feedback matrices of their own, biases, squared error, plain SGD.
All of a batch takes T1 = 100 real steps u <- W r + b from u = 0, then T2 = 20 steps at each of N = 6 complex betas of radius 0.1, all from the free
state (the schedule of the papers' codes: a fixed number of steps without damping, no test for having settled, conjugate points computed like any other).
lambda is the first Fourier coefficient of the activities over the circle, the presynaptic factor their mean; every matrix and bias learns.
Single precision throughout.

Variants:
    planes    the input's contribution W1 x + b1 once per sample; real and imaginary parts as two real planes under one real matrix, so that a step is one
              real product per connection; sigmoid of the planes by exp, sin and cos. All points stacked into one batch (measured faster than one by one)
    complex   the same with complex64 tensors and matrices and torch's complex exp
    papers    as the papers' code does it: complex64, one point after the other, with the (real) input product in every step of every point

It reads requests as lines of JSON from its standard input and answers each with a line: rates per second of wall time and of the processor's. The number
of threads is that of its environment (OMP_NUM_THREADS, OPENBLAS_NUM_THREADS), which learning.py sets.
"""
import gzip, json, math, os, sys, time
import numpy as np
import torch

T1, T2, POINTS, RADIUS = 100, 20, 6, 0.1
FOLDER = "/usr/share/datasets/fashion-mnist/"


def images(count):
    with gzip.open(FOLDER + "train-images-idx3-ubyte.gz") as f:
        pixels = np.frombuffer(f.read(16 + 784 * count), np.uint8)[16:].reshape(-1, 784)
    with gzip.open(FOLDER + "train-labels-idx1-ubyte.gz") as f:
        labels = np.frombuffer(f.read(8 + count), np.uint8)[8:]
    return torch.from_numpy(pixels.astype(np.float32) / 255.0), torch.nn.functional.one_hot(torch.from_numpy(labels.astype(np.int64)), 10).float()


def phi(u):
    return torch.sigmoid(4.0 * u - 2.0)


class Planes:
    """Complex states as a real tensor whose first axis is the real and the imaginary part; works in place wherever it can."""

    start = staticmethod(lambda real: torch.stack([real, torch.zeros_like(real)]))
    matrix = staticmethod(lambda w: w)

    @staticmethod
    def add(u, real):
        u[0] += real
        return u

    @staticmethod
    def nudge(u, r, target, beta):
        error, b = r[0] - target, torch.view_as_real(beta)
        u[0] -= b[..., 0] * error - b[..., 1] * r[1]
        u[1] -= b[..., 0] * r[1] + b[..., 1] * error
        return u

    @staticmethod
    def phi(u):
        """(1 + a - i b) / |1 + a + i b|^2 with a + i b = exp(2 - 4 u)."""
        x, y = u[0].mul_(-4.0).add_(2.0).exp_(), u[1].mul_(-4.0)
        b = torch.sin(y).mul_(x)
        a = x.mul_(y.cos_()).add_(1.0)
        d = (a * a).addcmul_(b, b).reciprocal_()
        torch.mul(a, d, out=u[0])
        torch.mul(b.neg_(), d, out=u[1])
        return u

    @staticmethod
    def sum(r, turn):
        """Of Re r w^-k over the points."""
        t = torch.view_as_real(turn)
        return (r[0] * t[..., 0] - r[1] * t[..., 1]).sum(0)


class Complex:
    start = matrix = staticmethod(lambda real: real.to(torch.complex64))
    add = staticmethod(lambda u, real: u.add_(real))
    nudge = staticmethod(lambda u, r, target, beta: u.sub_(beta * (r - target)))
    phi = staticmethod(lambda u: u.mul_(-4.0).add_(2.0).exp_().add_(1.0).reciprocal_())
    sum = staticmethod(lambda r, turn: (r * turn).sum(0).real)


def times(r, w):
    return torch.mm(r.view(-1, r.shape[-1]), w).view(*r.shape[:-1], w.shape[1])


class Network:
    """forward[l] leads from layer l to l + 1 (0 is the input), back[l] from l + 1 to l (none to the input); rows are where a matrix comes from."""

    def __init__(self, forward, back, bias):
        self.forward, self.back, self.bias = forward, back, bias

    def currents(self, r, given, forward, back):
        """Into each layer; `given` is the input's part and the first bias, which the caller adds."""
        u = [times(r[l - 1], forward[l]) if l > 0 else None for l in range(len(r))]
        for l in range(len(r) - 1):
            down = times(r[l + 1], back[l + 1])
            u[l] = down if u[l] is None else u[l].add_(down)
        return u

    def given(self, x):
        return torch.addmm(self.bias[0], x, self.forward[0])

    def rest(self, x, hoisted):
        given = self.given(x)
        r = [torch.sigmoid(torch.full((len(x), b.shape[0]), -2.0)) for b in self.bias]
        for _ in range(T1):
            u = self.currents(r, given, self.forward, self.back)
            if not hoisted:
                given = self.given(x)
            r = [v.add_(given if l == 0 else self.bias[l]).mul_(4.0).sub_(2.0).sigmoid_() for l, v in enumerate(u)]
        return r

    def nudged(self, x, target, rest, form, hoisted, beta):
        forward, back = [form.matrix(w) for w in self.forward], [w if w is None else form.matrix(w) for w in self.back]
        given = self.given(x)
        r = [form.start(v.expand(len(beta), *v.shape)) for v in rest]
        for _ in range(T2):
            u = self.currents(r, given, forward, back)
            if not hoisted:
                given = self.given(x)
            u = [form.add(v, given if l == 0 else self.bias[l]) for l, v in enumerate(u)]
            form.nudge(u[-1], r[-1], target, beta)
            r = [form.phi(v) for v in u]
        return r

    def gradient(self, x, target, variant):
        """Mean over the batch, in the order forward, back, bias."""
        form, hoisted = Planes if variant == "planes" else Complex, variant != "papers"
        w = torch.tensor([complex(math.cos(2 * math.pi * k / POINTS), math.sin(2 * math.pi * k / POINTS)) for k in range(POINTS)], dtype=torch.complex64).view(POINTS, 1, 1)
        rest = self.rest(x, hoisted)
        error, mean = [0.0] * len(rest), [0.0] * len(rest)
        for some in w.split(POINTS if hoisted else 1):
            for l, r in enumerate(self.nudged(x, target, rest, form, hoisted, RADIUS * some)):
                error[l] = error[l] - form.sum(r, some.conj().resolve_conj()) / (POINTS * RADIUS * len(x))
                mean[l] = mean[l] + form.sum(r, torch.ones_like(some)) / POINTS
        before = [x] + mean
        forward = [before[l].t() @ error[l] for l in range(len(error))]
        back = [None if l == 0 else before[l + 1].t() @ error[l - 1] for l in range(len(error))]
        return forward, back, [e.sum(0) for e in error]

    def learn(self, x, target, variant, rate):
        for weights, slopes in zip((self.forward, self.back, self.bias), self.gradient(x, target, variant)):
            for weight, slope in zip(weights, slopes):
                if weight is not None:
                    weight.add_(slope, alpha=-rate)


def read(folder, layers):
    load = lambda name: torch.from_numpy(np.load(os.path.join(folder, name + ".npy")).astype(np.float32))
    count = len(layers) - 1
    return Network([load(f"f{l + 1}") for l in range(count)], [None] + [load(f"b{l + 1}") for l in range(1, count)], [torch.zeros(n) for n in layers[1:]])


class Clock:
    """Wall and processor seconds since it was made."""

    def __init__(self):
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def seconds(self):
        return {"wall": time.perf_counter() - self.wall, "cpu": time.process_time() - self.cpu}


def measure(request, data):
    """Samples per second of updates over `seconds`, after one that does not count."""
    network, batch = read(request["folder"], request["layers"]), request["batch"]
    batches = [(x, y) for x, y in zip(data[0].split(batch), data[1].split(batch)) if len(x) == batch]
    network.learn(*batches[0], request["variant"], request["rate"])
    done, clock = 0, Clock()
    while clock.seconds()["wall"] < request["seconds"] or done < 2:
        network.learn(*batches[done % len(batches)], request["variant"], request["rate"])
        done += 1
    return {name: done * batch / seconds for name, seconds in clock.seconds().items()}


def gradient(request, data):
    network, batch = read(request["folder"], request["layers"]), request["batch"]
    parts = network.gradient(data[0][:batch], data[1][:batch], request["variant"])
    np.savez(os.path.join(request["folder"], "torch.npz"), **{f"{name}{l + 1}": part.numpy() for name, list_ in zip("fbo", parts) for l, part in enumerate(list_) if part is not None})
    return {}


def products(request, data):
    """Floating point operations per second of matrix products over `seconds`."""
    answer, n = {}, 1024
    for name, kind in (("single", torch.float32), ("double", torch.float64)):
        a, done = torch.rand(n, n, dtype=kind), 0
        torch.mm(a, a)
        clock = Clock()
        while clock.seconds()["wall"] < request["seconds"]:
            torch.mm(a, a)
            done += 1
        answer[name] = {of: 2.0 * done * n**3 / seconds for of, seconds in clock.seconds().items()}
    return answer


def blas():
    with open("/proc/self/maps") as f:
        return next((os.path.realpath(line.split()[-1]) for line in f if "libblas" in line), "an unknown BLAS")


def main():
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    torch.set_grad_enabled(False)
    data = images(5120)
    print(json.dumps({"version": torch.__version__, "blas": blas(), "free": T1, "nudged": T2, "points": POINTS}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps({"measure": measure, "gradient": gradient, "products": products}[request["do"]](request, data)), flush=True)


main()
