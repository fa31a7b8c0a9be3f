// Suggestions for misspelt names.
#include "sim/suggest.hpp"

#include <catch2/catch.hpp>
#include <map>

using namespace settle;

TEST_CASE("a distance counts insertions, deletions, changes and swaps", "[sim][suggest]") {
  CHECK(edit_distance("reltol", "reltol", 2) == 0);
  CHECK(edit_distance("reltoll", "reltol", 2) == 1);
  CHECK(edit_distance("retlol", "reltol", 2) == 1);
  CHECK(edit_distance("RELTOL", "reltol", 2) == 0);
  CHECK(edit_distance("rltl", "reltol", 2) == 2);
  CHECK(edit_distance("abc", "xyz", 2) == 3);
  CHECK(edit_distance("", "abcd", 2) == 3);
}

TEST_CASE("the nearest name is suggested, nothing if all are far", "[sim][suggest]") {
  const std::vector<std::string> names{"capacitance", "conductance", "sign", "sin", "is"};
  CHECK(suggest("condutance", names) == "; did you mean 'conductance'?");
  CHECK(suggest("sinn", names) == "; did you mean 'sin'?");
  CHECK(suggest("voltage", names).empty());
  CHECK(suggest("xy", names).empty());
  CHECK(suggest("conductnace", std::map<std::string, int>{{"conductance", 1}}) == "; did you mean 'conductance'?");
}
