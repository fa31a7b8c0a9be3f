// Device card: one card, one member of an array: reads nodes, values, model and all that a letter allows, and adds the flat device.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/expander.hpp"

namespace settle {

class DeviceCard {
 public:
  DeviceCard(Expander& expander, const Card& card, const Scope& scope, const ArrayMember& member);

  void read();

 private:
  // device_card.cpp: what all letters share
  void read_letter(char letter);
  void read_extension();
  void read_family(const std::vector<const Kind*>& family);
  bool nodes(std::size_t count, const std::vector<std::string>& names);
  bool choose_kind(const std::string& name);
  void take_references(std::size_t count);
  void refer(std::string_view word);
  bool done() const { return next_ >= card_.words.size(); }
  bool at_assignment() const { return next_ + 1 < card_.words.size() && card_.words[next_ + 1] == "="; }
  std::string_view peek() const { return done() ? std::string_view() : card_.words[next_]; }
  std::string_view take() { return card_.words[next_++]; }
  double number(std::string_view text, std::string_view field = {});
  void set(std::string_view name, std::string_view text);
  void set(std::string_view name, std::string_view text, double value);
  void replace_zero_resistance(Location where);
  ValueContext value_context(std::string_view field = {}) const;
  std::string_view take_or_empty();
  void fail(std::string_view where, const std::string& text);
  void multiply();
  void finish();
  std::string describe() const;

  // device_card_plain.cpp: R C L D M S W K and registered letters
  void plain(const std::vector<const Kind*>& kinds);
  void tail(const std::vector<const Kind*>& kinds);
  void assignment();
  void write_model(std::string_view word);
  void list_assignment(std::string_view name, std::string_view value);
  void positional(const std::vector<const Kind*>& kinds);
  bool take_model(std::string_view word, const std::vector<const Kind*>& kinds);
  bool flag(std::string_view word);
  void principal(std::string_view word);
  void unknown_value(std::string_view word);
  static bool is_name_like(std::string_view word);
  void couple(std::string_view a, std::string_view b);
  void need_model(const std::vector<const Kind*>& kinds);
  void need_value();
  void coupling();
  bool behavioural_value(std::string_view text, std::string_view field);

  // device_card_source.cpp: V I
  void source();
  void source_word();
  void small_signal();
  void waveform();
  void waveform_file(WaveformArguments& arguments, std::vector<std::string_view>& where);
  void make(std::string_view kind, WaveformArguments arguments, const std::vector<std::string_view>& where);

  // device_card_controlled.cpp: E G F H B
  void controlled_by_voltage(bool voltage);
  void controlled_by_current(bool voltage);
  void behavioural();
  void value_expression_of(const Kind& kind);
  void value_expression(bool voltage);
  void table(bool voltage);
  void polynomial(bool voltage, bool of_currents);
  void use_expression(bool voltage, std::string_view text);
  void use_made_expression(bool voltage, const std::string& text);
  void add_expression(const std::string& kind, Expression expression, std::string_view source);
  void gain(std::string_view word);
  void options_behind(std::string_view text);

  Expander& expander_;
  const Card& card_;
  const Scope& scope_;
  const ArrayMember& member_;
  FlatDevice device_;
  CardValues values_;
  std::size_t next_ = 1;
  bool failed_ = false;
  bool has_principal_ = false;
  std::size_t next_nodes_ = 0;      // the word behind the nodes
  std::string_view missing_model_;  // a word that should have been a model
};

/// True if a value's text speaks of voltages, currents or time.
bool mentions_circuit(std::string_view text);

}  // namespace settle
