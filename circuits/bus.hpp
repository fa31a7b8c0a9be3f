// Buses: names such as r[0:9], h[0:3,0:3] and r[i=0:9] stand for many.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/scope.hpp"

namespace settle {

/// One range of a bus; counts down if last < first.
struct BusRange {
  std::string_view index;  // name of the index variable, "" without
  long first = 0, last = 0;
  std::size_t width() const { return static_cast<std::size_t>(last >= first ? last - first : first - last) + 1; }
  long at(std::size_t k) const { return last >= first ? first + static_cast<long>(k) : first - static_cast<long>(k); }
};

/// The last index runs fastest.
struct Bus {
  std::string_view base;
  std::vector<BusRange> ranges;

  std::size_t width() const;
  /// The indices of the k-th member.
  std::vector<long> at(std::size_t k) const;
  std::string name(std::size_t k) const;
};

/// True if the word has brackets that hold more than plain numbers.
bool may_be_bus(std::string_view word);

/// The bus a word stands for; nothing if it is a plain name, or after an error.
std::optional<Bus> read_bus(const Scope& scope, const Card& card, std::string_view word, std::size_t widest);

/// A name with index variables or expressions in brackets, n[i+1], at given indices: n[4].
std::string indexed_name(const Scope& scope, const Card& card, std::string_view word, const std::vector<IndexValue>& indices);

}  // namespace settle
