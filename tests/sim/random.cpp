// Random streams: known answers, moments, independence of order and of other streams.
#include "sim/random.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <set>
#include <thread>
#include <vector>

using namespace settle;

TEST_CASE("Philox4x32-10 gives its known answers", "[sim][random]") {
  // Random123 1.14, kat_vectors, philox4x32 10 rounds.
  CHECK(philox({0, 0, 0, 0}, {0, 0}) == std::array<std::uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  const std::uint32_t f = 0xffffffff;
  CHECK(philox({f, f, f, f}, {f, f}) == std::array<std::uint32_t, 4>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        std::array<std::uint32_t, 4>{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("moments of a stream are right within four standard errors", "[sim][random]") {
  constexpr int n = 200'000;
  Stream stream(42, "test");
  double u1 = 0, u2 = 0, z1 = 0, z2 = 0, z3 = 0, z4 = 0;
  for (int k = 0; k < n; ++k) {
    const double u = stream.uniform(), z = stream.normal();
    REQUIRE((u > 0.0 && u < 1.0));
    u1 += u, u2 += u * u, z1 += z, z2 += z * z, z3 += z * z * z, z4 += z * z * z * z;
  }
  const auto errors = [](double variance) { return 4.0 * std::sqrt(variance / n); };
  CHECK(std::abs(u1 / n - 0.5) < errors(1.0 / 12.0));
  CHECK(std::abs(u2 / n - 1.0 / 3.0) < errors(4.0 / 45.0));
  CHECK(std::abs(z1 / n) < errors(1.0));
  CHECK(std::abs(z2 / n - 1.0) < errors(2.0));
  CHECK(std::abs(z3 / n) < errors(15.0));
  CHECK(std::abs(z4 / n - 3.0) < errors(96.0));
}

TEST_CASE("streams depend on every part of their key and on nothing else", "[sim][random]") {
  const std::vector<Stream> streams{Stream(1, "a"),      Stream(2, "a"),      Stream(1, "b"),        Stream(1, "a", "b"),
                                    Stream(1, "ab"),     Stream(1, "a", "", 1), Stream(1, "", "ab"), Stream(1ULL << 32, "a")};
  std::set<std::uint64_t> first;
  for (const Stream& s : streams) first.insert(s.bits_at(0));
  CHECK(first.size() == streams.size());

  Stream drawn(3, "mismatch", "r1");
  for (std::uint64_t k = 0; k < 10; ++k) CHECK(drawn.normal() == Stream(3, "mismatch", "r1").normal_at(k));
}

TEST_CASE("numbers are bitwise the same from any number of threads", "[sim][random]") {
  constexpr std::size_t n = 4000;
  std::vector<double> alone(n), shared(n);
  const auto fill = [](std::vector<double>& out, std::size_t from, std::size_t step) {
    for (std::size_t k = from; k < n; k += step) out[k] = Stream(5, "noise", "v1", k).normal();
  };
  fill(alone, 0, 1);
  {
    std::vector<std::jthread> threads;
    for (std::size_t k = 0; k < 3; ++k) threads.emplace_back([&, k] { fill(shared, k, 3); });
  }
  CHECK(alone == shared);
}
