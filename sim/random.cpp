// Random streams: Random123's Philox4x32-10 behind a key of seed and a counter of place and draw.
#include "sim/random.hpp"

#include <Random123/philox.h>

#include <cmath>
#include <numbers>

namespace settle {
namespace {

/// FNV-1a with a final mix; the same on every machine, unlike std::hash.
std::uint64_t hash(std::uint64_t h, std::string_view text) {
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  h = (h ^ 0xff) * 0x100000001b3ULL;  // ends the text: ("ab", "c") is not ("a", "bc")
  h = (h ^ (h >> 33)) * 0xff51afd7ed558ccdULL;
  return h ^ (h >> 33);
}

/// 52 bits, centred in their cells: never 0, never 1.
double fraction(std::uint32_t high, std::uint32_t low) {
  const std::uint64_t bits = (static_cast<std::uint64_t>(high) << 32 | low) >> 12;
  return (static_cast<double>(bits) + 0.5) * 0x1p-52;
}

}  // namespace

std::array<std::uint32_t, 4> philox(const std::array<std::uint32_t, 4>& counter, const std::array<std::uint32_t, 2>& key) {
  const r123::Philox4x32 rounds;
  const auto block = rounds({{counter[0], counter[1], counter[2], counter[3]}}, {{key[0], key[1]}});
  return {block[0], block[1], block[2], block[3]};
}

Stream::Stream(std::uint64_t seed, std::string_view purpose, std::string_view name, std::uint64_t index)
    : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
      place_(hash(hash(0xcbf29ce484222325ULL + 0x9e3779b97f4a7c15ULL * index, purpose), name)) {}

std::array<std::uint32_t, 4> Stream::block(std::uint64_t k) const {
  return philox({static_cast<std::uint32_t>(k), static_cast<std::uint32_t>(k >> 32), static_cast<std::uint32_t>(place_),
                 static_cast<std::uint32_t>(place_ >> 32)}, key_);
}

std::uint64_t Stream::bits_at(std::uint64_t k) const {
  const auto x = block(k);
  return static_cast<std::uint64_t>(x[0]) << 32 | x[1];
}

double Stream::uniform_at(std::uint64_t k) const {
  const auto x = block(k);
  return fraction(x[0], x[1]);
}

double Stream::normal_at(std::uint64_t k) const {
  const auto x = block(k);
  return std::sqrt(-2.0 * std::log(fraction(x[0], x[1]))) * std::cos(2.0 * std::numbers::pi * fraction(x[2], x[3]));
}

std::uint64_t Stream::bits() { return bits_at(drawn_++); }
double Stream::uniform() { return uniform_at(drawn_++); }
double Stream::normal() { return normal_at(drawn_++); }

}  // namespace settle
