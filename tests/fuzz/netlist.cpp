// Fuzzing of the front end: any bytes become a deck, are elaborated and shown, without a crash, a hang or a sanitizer's report.
#include <cstddef>
#include <cstdint>
#include <string>

#include "circuits/elaborate.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  settle::Sources sources;
  settle::Diagnostics diagnostics(sources);
  settle::ReadOptions options;
  options.includes = false;
  options.most_instances = 500;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const settle::Deck deck = settle::read_deck_text("fuzz.cir", text, sources, diagnostics, options);
  settle::elaborate(deck, {}, diagnostics);
  settle::elaborate(deck, {{"a", 2.0}, {"temp", 50.0}}, diagnostics, 7);
  diagnostics.render(true);
  return 0;
}
