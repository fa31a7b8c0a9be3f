// .input and .target: the words of a deck become sources with their features and outputs with their targets.
#include "circuits/export_spice.hpp"
#include "tests/learning/task_deck.hpp"

using namespace settle;
using namespace settle::testing;

namespace {

/// A network of two bits' rails, two outputs of their own and one driven node.
const std::string network =
    "V[0:3] in[0:3] 0 0\nR[0:3] in[0:3] out[0:3] 1k\nC[0:3] out[0:3] 0 1u\nI1 0 out[0] 0\nVw w 0 sin(0 1 1k)\n";  // lines 2 to 6

struct Bound : TaskDeck {
  std::optional<Binding> binding;
  explicit Bound(const std::string& cards) : TaskDeck(network + cards) {
    if (const auto outline = task_outline(netlist, diagnostics)) binding = binding_of(netlist, *outline, diagnostics);
    check_settings(netlist, diagnostics);
  }
};

std::vector<std::string> devices(const Binding& binding) {
  std::vector<std::string> names;
  for (const BoundInput& b : binding.inputs) names.push_back(b.device);
  return names;
}
std::vector<Index> features(const Binding& binding) {
  std::vector<Index> numbers;
  for (const BoundInput& b : binding.inputs) numbers.push_back(b.feature);
  return numbers;
}

}  // namespace

TEST_CASE("the k-th source of a card shows the k-th feature", "[task][binding]") {
  const Bound bound(".task linear inputs=4 outputs=2\n.input v[0:3] scale=0.5 offset=1\n.target v(out[0:1]) scale=0.1 offset=-1 weight=3");
  INFO(bound.diagnostics.render());
  REQUIRE(bound.binding);
  CHECK(devices(*bound.binding) == std::vector<std::string>{"v[0]", "v[1]", "v[2]", "v[3]"});
  CHECK(features(*bound.binding) == std::vector<Index>{0, 1, 2, 3});
  CHECK(bound.binding->inputs[2].scale == 0.5);
  CHECK(bound.binding->inputs[2].offset == 1.0);
  CHECK(bound.binding->targets.at(1).node == "out[1]");
  CHECK(bound.binding->targets[1].target == 1);
  CHECK(bound.binding->targets[1].weight == 3.0);
  CHECK(!bound.diagnostics.has_errors());
}

TEST_CASE("two rails are two cards, downwards is downwards, and patterns are in the order of the deck", "[task][binding]") {
  const Bound rails(".task xor\n.input v[0:1]\n.input v[3:2] scale=-1 features=1:0\n.target v(out[0])");
  REQUIRE(rails.binding);
  CHECK(devices(*rails.binding) == std::vector<std::string>{"v[0]", "v[1]", "v[3]", "v[2]"});
  CHECK(features(*rails.binding) == std::vector<Index>{0, 1, 1, 0});
  CHECK(rails.binding->inputs[2].scale == -1.0);
  const Bound pattern(".task linear inputs=4\n.input v[*]\n.target v(out[3])");
  REQUIRE(pattern.binding);
  CHECK(devices(*pattern.binding) == std::vector<std::string>{"v[0]", "v[1]", "v[2]", "v[3]"});
  const Bound current(".task xor\n.input i1 v[2] features=1,0\n.target v(out[1])");
  REQUIRE(current.binding);
  CHECK(features(*current.binding) == std::vector<Index>{1, 0});
}

TEST_CASE("ranges may be made of parameters", "[task][binding]") {
  const Bound bound(".param n=4\n.task linear inputs=n outputs={n-2}\n.input v[0:n-1]\n.target v(out[0:n-3]) targets=0:n-3");
  INFO(bound.diagnostics.render());
  REQUIRE(bound.binding);
  CHECK(bound.binding->inputs.size() == 4);
  CHECK(bound.binding->targets.size() == 2);
}

TEST_CASE("low and high are where a class's 0 and 1 go, or -1 and 1", "[task][binding]") {
  for (const char* encoding : {"binary", "sign"}) {
    const Bound bound(std::string(".task xor encoding=") + encoding + "\n.input v[0:1]\n.target v(out[0]) low=0.2 high=0.7");
    REQUIRE(bound.binding);
    TaskDeck deck(std::string(".task xor encoding=") + encoding);
    const Eigen::MatrixXd wanted = output_targets(*bound.binding, load_task(deck.netlist, deck.diagnostics)->train);
    CHECK((wanted - Eigen::RowVector4d(0.2, 0.7, 0.7, 0.2)).cwiseAbs().maxCoeff() < 1e-15);
  }
}

TEST_CASE("sources are set to scale times feature plus offset", "[task][binding]") {
  const Bound bound(".task xor\n.input v[0:1] scale=2 offset=-1\n.input v[2] features=1 scale=-1\n.target v(out[0])");
  REQUIRE(bound.binding);
  TaskDeck deck(".task xor");
  const Eigen::MatrixXd values = source_values(*bound.binding, load_task(deck.netlist, deck.diagnostics)->train);
  Eigen::MatrixXd wanted(3, 4);
  wanted << -1, -1, 1, 1, -1, 1, -1, 1, 0, -1, 0, -1;
  CHECK(values == wanted);
}

TEST_CASE("an output's nudge may be sent to a membrane", "[task][binding]") {
  const Bound bound("B1 r 0 v=tanh(v(out[0]))\n.task xor\n.input v[0:1]\n.target v(r) membrane(r)=out[0]");
  INFO(bound.diagnostics.render());
  REQUIRE(bound.binding);
  CHECK(bound.binding->targets.at(0).membrane == "out[0]");
}

TEST_CASE("every mistake of a binding is told at its place", "[task][binding]") {
  const auto says = [](const std::string& cards, int line, int column, const std::string& phrase) {
    const Bound bound(cards);
    INFO(cards);
    CHECK(!bound.binding);
    CHECK(bound.says(line, column, phrase));
  };
  const std::string task = ".task xor\n", target = "\n.target v(out[0])", input = "\n.input v[0:1]";  // line 7 on
  says(task + ".input v[0] w[1]" + target, 8, 13, "there is no device 'w[1]'; did you mean 'v[1]'?");
  says(task + ".input v[0] r[1]" + target, 8, 13, "'r[1]' is a resistor; a feature drives an independent source");
  says(task + ".input v[0] vw" + target, 8, 13, "'vw' has a waveform, sin(0 1 1000), which would overrule the feature");
  says(task + ".input v[0:2]" + target, 8, 8, "3 sources, but 2-bit parity has 2 features");
  says(task + ".input v[0]" + target, 8, 8, "1 source, but 2-bit parity has 2 features; features= chooses some of them, such as features=0");
  says(task + ".input v[0] features=0:1" + target, 8, 22, "features=0:1 names 2 features for 1 source");
  says(task + ".input v[0] features=2" + target, 8, 22, "there is no feature 2; 2-bit parity has 2 features, 0 to 1");
  says(task + ".input v[0] features=x" + target, 8, 22, "features=: 'x': unknown parameter 'x'");
  says(task + ".input v[0:1] v[0] features=0,1,0" + target, 8, 15, "'v[0]' is bound to two features");
  says(task + ".input x*" + target, 8, 8, "no independent source fits 'x*'");
  says(task + ".input" + target, 8, 1, "which sources?");
  says(task + ".input v[0:1] gain=2" + target, 8, 20, "no option 'gain'");
  says(task + ".target v(out[0]) low=1" + input, 8, 23, "low= and high= belong together");
  says(task + ".target v(out[0]) low=1 high=1" + input, 8, 30, "the same");
  says(task + ".target v(out[0]) low=0 high=1 scale=2" + input, 8, 38, "say it already");
  says(task + ".target v(out[0:1])" + input, 8, 9, "2 outputs, but 2-bit parity has 1 target");
  says(task + ".target v(ouy)" + input, 8, 9, "there is no node 'ouy'");
  says(task + ".target v(in[0])" + input, 8, 9, "the output 'in[0]' is given by the source 'v[0]'");
  says(task + ".target out[0]" + input, 8, 9, "'out[0]' is not of the form v(node)");
  says(task + ".target v(out[0]) membrane(out[1])=out[0]" + input, 8, 36, "no output of this card");
  says(task + ".target v(out[0]) weight=-1" + input, 8, 26, "at least 0");
}

TEST_CASE("cards that miss each other say so", "[task][binding]") {
  const Bound alone(".input v[0:1]\n.target v(out[0])");
  CHECK(alone.says(7, 1, ".input binds the circuit to data, but the deck has no .task"));
  CHECK(alone.says(8, 1, ".target binds the circuit to data, but the deck has no .task"));
  const Bound unbound(".task xor");
  CHECK(unbound.says(7, 1, "no source shows the data"));
  CHECK(unbound.says(7, 1, "no output meets the data; write .target with the outputs, such as .target v(out); the data have 2 features and 1 target"));
  const Bound twice(".task xor\n.task parity\n.input v[0:1]\n.target v(out[0])");
  CHECK(twice.says(8, 1, "a deck has one .task card"));
}

TEST_CASE("an export leaves the task out and keeps the circuit", "[task][binding][export]") {
  Bound bound(".task xor\n.input v[0:1]\n.target v(out[0])");
  const std::string text = export_ngspice(bound.netlist, bound.diagnostics);
  INFO(bound.diagnostics.render());
  CHECK(!bound.diagnostics.has_errors());
  CHECK(!text.empty());
  CHECK(text.find(".task") == std::string::npos);
  CHECK(text.find(".input") == std::string::npos);
}
