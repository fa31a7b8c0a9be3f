// Loading Fashion-MNIST: 26 MB of gzip become 60000 x 784 doubles.
// Reason: a training run must not wait for its data, and `settle check` must look at the heads of files alone. Needs Debian's
// dataset-fashion-mnist. Usage: bench_data_loading
#include <chrono>
#include <cstdio>

#include "circuits/elaborate.hpp"
#include "learning/task.hpp"

namespace {

template <class Work>
void report(const char* what, Work work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  std::printf("%-24s %8.1f ms\n", what, 1e3 * std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
}

}  // namespace

int main() {
  using namespace settle;
  for (const char* card : {".task fashion_mnist", ".task fashion_mnist limit=1000 held_out=200", ".task fashion_mnist normalize=standard"}) {
    Sources sources;
    Diagnostics diagnostics(sources);
    const Deck deck = read_deck_text("bench.cir", std::string("bench\n") + card + "\n", sources, diagnostics, {.settings = {"task"}});
    const Netlist netlist = elaborate(deck, {}, diagnostics, 1);
    std::printf("%s\n", card);
    report("outline", [&] { task_outline(netlist, diagnostics); });
    report("load", [&] { load_task(netlist, diagnostics); });
    report("load again", [&] { load_task(netlist, diagnostics); });
  }
}
