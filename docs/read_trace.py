#!/usr/bin/python3
"""Reads a trace of settle with h5py; as a program, prints or plots its signals.

    python3 docs/read_trace.py FILE.h5                       what there is
    python3 docs/read_trace.py FILE.h5 'v(out)' 'i(v1)'      a table of these signals
    python3 docs/read_trace.py FILE.h5 'v(*)' --plot o.png   a picture (needs matplotlib)
    python3 docs/read_trace.py FILE.h5 --group /ac1 ...      of one analysis; default: all

    from read_trace import read                              in a program or notebook
    t = read("FILE.h5")["/tran1"]
    t["time"], t["v(out)"]                                   numpy arrays
    t.dataset()                                              an xarray.Dataset

Works while the run is writing, after it was killed, and on repaired files: only complete rows are given.
"""
import argparse
import fnmatch
import os
import sys

import h5py
import numpy as np


def open_trace(path):
    """The file as h5py sees it: closed, still growing, or left by a run that was killed."""
    try:
        return h5py.File(path, "r")
    except OSError as refused:
        if not os.path.exists(path):
            raise
        try:
            return h5py.File(path, "r", swmr=True)
        except OSError:
            raise OSError(f"{refused}; if its run was killed, try: settle repair {path}") from None


def text(value):
    return value.decode() if isinstance(value, bytes) else value


def leaf(item):
    return item.name.rsplit("/", 1)[1]


class Analysis:
    """The rows of one analysis; signals by name, v(out), or v(out)[3] for sample 3 of a batch."""

    def __init__(self, group):
        self.path = group.name
        self.attributes = {key: text(value) for key, value in group.attrs.items()}
        data = [d for d in group.values() if isinstance(d, h5py.Dataset) and d.ndim >= 2]
        scale = data[0].dims[0][0]
        self.rows = min([len(scale)] + [len(d) for d in data])  # complete rows: the axis is written last
        self.axis_name, self.axis_unit = leaf(scale), text(scale.attrs["units"])
        self.axis = scale[: self.rows]
        self.arrays, self.units, self.labels, self.label_axes = {}, {}, {}, {}
        for d in data:
            name, labels = leaf(d), d.dims[d.ndim - 1][0]
            self.arrays[name] = d[: self.rows]
            self.units[name] = text(d.attrs["units"])
            self.labels[name] = list(labels.asstr())
            self.label_axes[name] = leaf(labels)

    def names(self):
        for name, array in self.arrays.items():
            for label in self.labels[name]:
                if array.ndim == 2:
                    yield f"{name}({label})"
                else:
                    yield from (f"{name}({label})[{sample}]" for sample in range(array.shape[1]))

    def __getitem__(self, signal):
        if signal == self.axis_name:
            return self.axis
        name, _, rest = signal.partition("(")
        label, _, sample = rest.rpartition(")")
        if name not in self.arrays or label not in self.labels[name]:
            raise KeyError(f"{self.path} has no signal {signal!r}; it has {', '.join(self.names())}")
        array = self.arrays[name][..., self.labels[name].index(label)]
        return array[:, int(sample[1:-1])] if sample else array

    def unit(self, signal):
        return self.units[signal.partition("(")[0]]

    def dataset(self):
        """The same as an xarray.Dataset, complete rows only."""
        import xarray

        variables, coordinates = {}, {self.axis_name: (self.axis_name, self.axis, {"units": self.axis_unit})}
        for name, array in self.arrays.items():
            samples = ("sample",) if array.ndim == 3 else ()
            variables[name] = ((self.axis_name, *samples, self.label_axes[name]), array, {"units": self.units[name]})
            coordinates[self.label_axes[name]] = self.labels[name]
        return xarray.Dataset(variables, coordinates, self.attributes)


def read(path):
    """All analyses of a trace that have signals, by the path of their group."""
    result = {}

    def visit(name, item):
        if (name + "/").startswith(("effective/", "arrays/", "figures/")):  # tables beside the analyses
            return
        if isinstance(item, h5py.Group) and any(isinstance(d, h5py.Dataset) and d.ndim >= 2 for d in item.values()):
            result[item.name] = Analysis(item)

    with open_trace(path) as file:
        file.visititems(visit)
    return result


def chosen(analysis, patterns):
    # Brackets belong to names, r[3], so only * and ? are wild.
    wild = [pattern.replace("[", "[[]") for pattern in patterns] or ["*"]
    return [name for name in analysis.names() if any(fnmatch.fnmatchcase(name, pattern) for pattern in wild)]


def draw(ax, analysis, unit, names):
    for name in names:
        values = analysis[name]
        values = np.abs(values) if np.iscomplexobj(values) else values
        ax.plot(analysis.axis, values, label=name, marker="" if analysis.rows > 1 else "o")
    if analysis.axis_name == "frequency" and analysis.rows > 1:
        ax.set_xscale("log")
    ax.set(title=analysis.path, xlabel=f"{analysis.axis_name} [{analysis.axis_unit}]", ylabel=f"[{unit}]")
    if len(names) <= 12:
        ax.legend(loc="best", fontsize="small")


def plot(analyses, patterns, picture):
    """One panel per analysis and unit; complex signals are drawn by magnitude."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    panels = []
    for analysis in analyses:
        for unit in dict.fromkeys(analysis.units.values()):
            names = [name for name in chosen(analysis, patterns) if analysis.unit(name) == unit]
            if names:
                panels.append((analysis, unit, names))
    if not panels:
        raise KeyError(f"no signal matches {' '.join(patterns)}")
    figure, axes = plt.subplots(len(panels), 1, figsize=(8, 3 * len(panels)), squeeze=False, layout="constrained")
    for ax, panel in zip(axes[:, 0], panels):
        draw(ax, *panel)
    figure.savefig(picture, dpi=120)
    print(f"{picture}: {sum(len(names) for _, _, names in panels)} signals")


def table(analysis, patterns):
    names = chosen(analysis, patterns)
    if not names:
        return
    print(analysis.path, *[f"{key}={value}" for key, value in analysis.attributes.items()])
    print("\t".join([f"{analysis.axis_name}[{analysis.axis_unit}]"] + [f"{n}[{analysis.unit(n)}]" for n in names]))
    for row in zip(analysis.axis, *(analysis[n] for n in names)):
        print("\t".join(f"{value:.9g}" for value in row))


def summary(analysis):
    print(f"{analysis.path}: {analysis.rows} rows over {analysis.axis_name} [{analysis.axis_unit}]")
    for name, labels in analysis.labels.items():
        more = " ..." if len(labels) > 10 else ""
        print(f"  {name} [{analysis.units[name]}] {analysis.arrays[name].dtype}: {', '.join(labels[:10])}{more}")


def main():
    parser = argparse.ArgumentParser(description="Prints or plots the signals of a trace.")
    parser.add_argument("file")
    parser.add_argument("signals", nargs="*", help="v(out), i(v1); * and ? are wild")
    parser.add_argument("--group", help="one analysis, e.g. /tran1/step0001")
    parser.add_argument("--plot", metavar="PICTURE", help="draw into this file (png, svg, pdf)")
    arguments = parser.parse_intermixed_args()
    analyses = read(arguments.file)
    if arguments.group:
        analyses = {path: a for path, a in analyses.items() if path.strip("/") == arguments.group.strip("/")}
        if not analyses:
            raise KeyError(f"no group {arguments.group}")
    if arguments.plot:
        plot(analyses.values(), arguments.signals, arguments.plot)
    else:
        for analysis in analyses.values():
            table(analysis, arguments.signals) if arguments.signals else summary(analysis)


if __name__ == "__main__":
    try:
        main()
    except (OSError, KeyError) as error:
        sys.exit(f"read_trace: {error.args[0] if isinstance(error, KeyError) else error}")
