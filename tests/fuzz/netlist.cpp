// Fuzzing of the front end: any bytes become a deck, are elaborated and shown, without a crash, a hang or a sanitizer's report.
// The front end sees devices as tables only, so kinds of the same names and shapes stand in for them.
#include <cstddef>
#include <cstdint>
#include <string>

#include "circuits/elaborate.hpp"

namespace {

using namespace settle;

struct Table final : Kind {
  Table(std::string kind, char first, std::vector<std::string> nodes, std::vector<std::string> types, std::string main,
        const std::vector<std::string>& names, int when) {
    name = std::move(kind), letter = first, terminals = std::move(nodes), model_types = std::move(types), principal = std::move(main), stage = when;
    for (const std::string& field : names) fields.push_back({field, "", "", not_given, -1e6, 1e6});
  }
  std::unique_ptr<Element> make(std::span<const Instance>, Rows&, const Environment&) const override { return nullptr; }
};

using Names = std::vector<std::string>;

void add(std::string name, char letter, Names nodes, Names types, std::string principal, const Names& fields, int stage = 1) {
  auto kind = std::make_unique<Table>(name, letter, std::move(nodes), std::move(types), std::move(principal), fields, stage);
  if (letter == 'm') kind->levels = {name == "ekv" ? 44 : 1};
  if (letter == 'w') kind->references = 1;
  Registry<Kind>::add(name, std::move(kind));
}

bool add_kinds() {
  add("resistor", 'r', {"p", "n"}, {"r"}, "r", {"r", "tc1", "tc2", "m"});
  add("capacitor", 'c', {"p", "n"}, {"c"}, "c", {"c", "ic", "m"});
  add("inductor", 'l', {"p", "n"}, {"l"}, "l", {"l", "ic"}, 0);
  add("coupling", 'k', {}, {}, "k", {"k"}, 3);
  add("voltage", 'v', {"p", "n"}, {}, "dc", {"dc"}, 0);
  add("current", 'i', {"p", "n"}, {}, "dc", {"dc", "m"});
  add("diode", 'd', {"a", "c"}, {"d"}, "area", {"area", "is", "n", "off", "m"});
  add("mosfet1", 'm', {"d", "g", "s", "b"}, {"nmos", "pmos"}, "", {"l", "w", "vto", "m", "off"});
  add("ekv", 'm', {"d", "g", "s", "b"}, {"nmos", "pmos"}, "", {"l", "w", "vto"});
  add("vcvs", 'e', {"p", "n", "cp", "cn"}, {}, "gain", {"gain"}, 0);
  add("vccs", 'g', {"p", "n", "cp", "cn"}, {}, "gain", {"gain", "m"});
  add("ccvs", 'h', {"p", "n"}, {}, "gain", {"gain"}, 2);
  add("cccs", 'f', {"p", "n"}, {}, "gain", {"gain", "m"}, 3);
  add("behavioural_voltage", 'b', {"p", "n"}, {}, "", {"tc1"}, 2);
  add("behavioural_current", 'b', {"p", "n"}, {}, "", {"tc1", "m"}, 3);
  add("behavioural_charge", 0, {"p", "n"}, {}, "", {"ic", "m"}, 3);
  add("switch", 's', {"p", "n", "cp", "cn"}, {"sw"}, "", {"vt", "ron", "on"});
  add("current_switch", 'w', {"p", "n"}, {"csw"}, "", {"it", "ron", "on"}, 3);
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool ready = add_kinds();
  Sources sources;
  Diagnostics diagnostics(sources);
  ReadOptions options;
  options.includes = false;
  options.most_instances = 500;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const Deck deck = read_deck_text("fuzz.cir", text, sources, diagnostics, options);
  elaborate(deck, {}, diagnostics);
  elaborate(deck, {{"a", 2.0}, {"temp", 50.0}}, diagnostics, 7);
  diagnostics.render(true);
  return ready ? 0 : 1;
}
