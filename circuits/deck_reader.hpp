// Deck reader: walks through the lines of a deck and its includes and sorts the cards into scopes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "circuits/deck.hpp"

namespace settle {

class DeckReader {
 public:
  DeckReader(Sources& sources, Diagnostics& diagnostics, const ReadOptions& options);

  Deck read(const SourceFile& file);

 private:
  /// The section of a library that is wanted, and those that were seen.
  struct Section {
    std::string_view wanted;
    bool reading = true, found = false;
    std::vector<std::string_view> seen;
  };

  void read_file(const SourceFile& file, bool titled, std::string_view section, Location section_where = {});
  bool in_control_block(std::string_view word, const Line& line);
  bool in_other_section(std::string_view word, const Line& line, Section& section);
  void after_end(LineReader& lines, const Line& end);
  void read_line(const Line& line);
  void read_dot_card(const Card& card);
  void read_title(const SourceFile& file);

  void include(const Card& card);
  void library(const Card& card);
  void read_included(const Card& card, std::string_view name, std::string_view section);
  std::string find_file(const Card& card, std::string_view name) const;
  bool includes_itself(const Card& card, const std::string& path) const;

  void open_subcircuit(const Card& card);
  void add_port(Definition& body, const Card& card, std::string_view word);
  void close_subcircuit(const Card& card);
  void close_all_above(std::size_t depth);
  void model(const Card& card);
  void check_model_type(const Card& card, std::string_view type);
  void parameters(const Card& card);
  void function(const Card& card);
  void define_function(const Card& card, std::string_view head, std::string_view body);
  void globals(const Card& card);
  void command(const Card& card);
  void unknown_dot_card(const Card& card, std::string_view word);

  Definition& scope() { return *open_.back(); }

  Sources& sources_;
  Diagnostics& diagnostics_;
  const ReadOptions& options_;
  Deck deck_;
  std::vector<Definition*> open_;  // scopes, innermost last
  std::vector<std::unique_ptr<Definition>> discarded_;  // bodies of second definitions: read for their errors only
  bool in_control_ = false, told_of_control_ = false;
  Location control_;
};

}  // namespace settle
