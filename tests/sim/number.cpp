// Numbers of netlists: scale factors, garbage, and the way back to text.
#include "sim/number.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

using namespace settle;

TEST_CASE("scale factors are those of SPICE, without regard to case", "[sim][number]") {
  const std::vector<std::pair<std::string, double>> cases{
      {"1", 1.0},         {"-2.5", -2.5},     {"+.5", 0.5},       {"3.", 3.0},        {"4.7k", 4700.0},   {"1M", 1e-3},       {"1meg", 1e6},
      {"1MEG", 1e6},      {"10megohm", 1e7},  {"1t", 1e12},       {"2G", 2e9},        {"3u", 3e-6},       {"5n", 5e-9},       {"7P", 7e-12},
      {"9f", 9e-15},      {"1F", 1e-15},      {"2mil", 50.8e-6},  {"1e3k", 1e6},      {"1d3", 1000.0},    {"1D-3", 1e-3},     {"1.5e-3", 1.5e-3},
      {"2.2uF", 2.2e-6},  {"5V", 5.0},        {"1dB", 1.0},       {"3\xC2\xB5", 3e-6}, {"3\xCE\xBC", 3e-6}, {"3\xB5s", 3e-6}, {"100ohm", 100.0},
      {"1E+2", 100.0},    {"0", 0.0},         {"1kOhm", 1000.0}};
  for (const auto& [text, value] : cases) {
    INFO(text);
    const ParsedNumber number = parse_number(text);
    CHECK(number);
    CHECK(number.length == text.size());
    CHECK(number.value == value);  // the double nearest to the decimal number
  }
}

TEST_CASE("garbage after a number is an error that says what to write", "[sim][number]") {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"1_000", "write 1000"}, {"2.2.2", "write 2.2"}, {"0x10", "write 16"}, {"12abc3", "scale factor"}, {"1e", "has no digits"}, {"1e999", "range"}};
  for (const auto& [text, hint] : cases) {
    INFO(text);
    const ParsedNumber number = parse_number(text);
    REQUIRE(number.problem);
    CHECK(number.length == text.size());
    CHECK(number.problem->find(hint) != std::string::npos);
    CHECK_FALSE(whole_number(text));
  }
}

TEST_CASE("4k7 is read as 4.7k and marked", "[sim][number]") {
  for (const auto& [text, value] : std::vector<std::pair<std::string, double>>{{"4k7", 4700.0}, {"2meg2", 2.2e6}, {"4R75", 4.75}, {"1u5", 1.5e-6}}) {
    INFO(text);
    const ParsedNumber number = parse_number(text);
    CHECK(number.infix_scale);
    CHECK(number.warning);
    CHECK(number.value == value);
    CHECK_FALSE(whole_number(text));
  }
  CHECK(parse_number("4.5k7").problem);
}

TEST_CASE("doubtful scale factors are warned about", "[sim][number]") {
  for (const char* text : {"1a", "1x", "1Farad", "5MHz", "1MOhm"}) {
    INFO(text);
    CHECK(parse_number(text).warning);
  }
  for (const char* text : {"10A", "1F", "1m", "5megHz", "1V"}) {
    INFO(text);
    CHECK_FALSE(parse_number(text).warning);
  }
}

TEST_CASE("a number ends where an operator begins", "[sim][number]") {
  CHECK(parse_number("1e-3+x").length == 4);
  CHECK(parse_number("2k*3").length == 2);
  CHECK(parse_number("1e3-5").length == 3);
  for (const char* text : {"", "k", "-", "+k", ".", "inf", "nan", "-inf"}) CHECK(parse_number(text).length == 0);
}

TEST_CASE("engineering notation rounds before it chooses the prefix", "[sim][number]") {
  CHECK(format_engineering(4700, "Ohm") == "4.7 kOhm");
  CHECK(format_engineering(1.5e-6, "s") == "1.5 us");
  CHECK(format_engineering(0, "V") == "0 V");
  CHECK(format_engineering(-2.5e-3, "A") == "-2.5 mA");
  CHECK(format_engineering(999.99, "V") == "1 kV");
  CHECK(format_engineering(999.9, "V") == "999.9 V");
  CHECK(format_engineering(123456, "", 3) == "123 k");
  CHECK(format_engineering(12, "") == "12");
  CHECK(format_engineering(1e20, "Hz") == "1e+20 Hz");
}

TEST_CASE("exact text reads back as the same double", "[sim][number]") {
  std::mt19937_64 random(7);
  for (int k = 0; k < 1000; ++k) {
    const double x = std::ldexp(static_cast<double>(random()), static_cast<int>(random() % 600) - 300);
    CHECK(whole_number(format_exact(x)) == x);
  }
  CHECK(format_exact(0.1) == "0.1");
}
