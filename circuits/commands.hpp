// Commands: the dot cards of a deck that say what is to be done: analyses, outputs, measures, steps, options, conditions.
#pragma once

#include <string>
#include <string_view>

#include "circuits/expander.hpp"
#include "circuits/netlist.hpp"
#include "circuits/scope.hpp"

namespace settle {

class Commands {
 public:
  Commands(const Scope& top, Netlist& netlist) : top_(top), netlist_(netlist) {}

  /// Before devices are read: `.options` and `.temp`; temperatures in `overrides` win.
  void read_surroundings(const Overrides& overrides);
  void read_analyses();
  /// Behind the devices, whose names they use.
  void read_settings();
  void read_steps();
  void read_mismatches();
  void read_outputs();
  /// The times waveforms take defaults from.
  TimeWindow window() const;
  /// `.ic` and `.nodeset` of one scope; nodes are looked up when all devices are known.
  static void read_conditions(const Scope& scope, const Expander& expander, Netlist& netlist);

 private:
  template <class Read>
  void each(std::initializer_list<std::string_view> words, Read read) {
    for (const Card* card : top_.elaboration().deck.commands)
      for (std::string_view word : words)
        if (card->words[0].substr(1) == word) read(*card);
  }

  Word word(const Card& card, std::string_view text) const;
  Word quiet_word(const Card& card, std::string_view text) const;
  Word text_word(const Card& card, std::string_view text) const;
  bool is_analysis(std::string_view word) const;
  void options(const Card& card);
  void temperature(const Card& card);
  void analysis(const Card& card);
  void setting(const Card& card);
  void outputs(const Card& card);
  void measure(const Card& card);
  void save_array(const Card& card);

  const Scope& top_;
  Netlist& netlist_;
};

}  // namespace settle
