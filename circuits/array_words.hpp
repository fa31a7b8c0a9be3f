// Array words: a crossbar card taken apart: name, buses, model, options and fields, each checked for sense beside the others.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "circuits/array_options.hpp"
#include "circuits/scope.hpp"

namespace settle {

/// name=value on the card; lists of faults have several values.
struct GivenOption {
  std::string_view name;
  std::vector<std::string_view> values;
  const ArrayOption* option = nullptr;  // nullptr: a field of the devices
};

class ArrayWords {
 public:
  ArrayWords(const Scope& scope, const Card& card);

  /// Unknown words of options, options given twice, without effect or against one another.
  void check() const;

  std::string_view name, rows, columns, model;  // "" for what is missing
  const std::vector<GivenOption>& given() const { return given_; }
  const GivenOption* find(std::string_view option) const;
  /// Its (first) value, "" if it is not on the card.
  std::string_view word(std::string_view option) const;
  /// True if the card says `option`, or `option=word`.
  bool says(std::string_view option) const;
  /// A number within the option's bounds; `otherwise` if it is not on the card or after an error.
  double number(std::string_view option, double otherwise) const;
  /// Place in the table's list of words; 0 if it is not on the card.
  std::size_t choice(std::string_view option) const;

 private:
  void take();
  void take_option(std::size_t& k);
  void check(const GivenOption& given) const;
  std::string_view said_of(const std::vector<std::string>& conditions) const;

  const Scope& scope_;
  const Card& card_;
  std::vector<GivenOption> given_;
};

}  // namespace settle
