// Random streams keyed by (seed, purpose, name, index): counter-based (Philox4x32-10, doi:10.1145/2063384.2063405), so neither the number of
// threads nor an added device changes the numbers another one draws.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace settle {

class Stream {
 public:
  Stream(std::uint64_t seed, std::string_view purpose, std::string_view name = "", std::uint64_t index = 0);

  /// In (0, 1): never 0, never 1.
  double uniform();
  /// Mean 0, standard deviation 1.
  double normal();
  std::uint64_t bits();

  /// The k-th numbers of the stream, in any order, without moving it.
  double uniform_at(std::uint64_t k) const;
  double normal_at(std::uint64_t k) const;
  std::uint64_t bits_at(std::uint64_t k) const;

 private:
  std::array<std::uint32_t, 4> block(std::uint64_t k) const;

  std::array<std::uint32_t, 2> key_;
  std::uint64_t place_;       // upper half of the counter
  std::uint64_t drawn_ = 0;   // lower half
};

/// Ten rounds of Philox4x32.
std::array<std::uint32_t, 4> philox(const std::array<std::uint32_t, 4>& counter, const std::array<std::uint32_t, 2>& key);

}  // namespace settle
