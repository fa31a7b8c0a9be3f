// Rows and the names of those that come in lattices.
#include "devices/rows.hpp"

#include <catch2/catch.hpp>

using namespace settle;

TEST_CASE("a lattice finds by name exactly the members it names", "[devices]") {
  const auto chosen = std::make_shared<const std::vector<Index>>(std::vector<Index>{1, 4, 5});
  for (const Lattice& lattice : {Lattice{"xb.r", 3, 4}, Lattice{"xb", 5}, Lattice{"xb", 2, 3, "#x"}, Lattice{"xb", 2, 3, "", chosen}}) {
    for (Index k = 0; k < lattice.count(); ++k) CHECK(lattice.find(lattice.name(k)) == k);
    for (const char* stranger : {"", "xb", "xb.r[", "xb.r[]", "xb.r[3,0]", "xb.r[0,4]", "xb.r[1;2]", "xb.r[1,2,3]", "xb.r[1,2]#", "xb.r[ 1,2]", "xb[-1]", "xb[1,9]#x", "xb[5"})
      CHECK(lattice.find(stranger) == -1);
  }
  CHECK(Lattice{"xb", 2, 3, "", chosen}.name(2) == "xb[1,2]");
  CHECK(Lattice{"xb", 2, 3, "", chosen}.find("xb[0,0]") == -1);
}

TEST_CASE("rows of lattices stand between single rows and have their own names", "[devices]") {
  Rows rows({{"0", "V", 1e-6, true, false}, {"in", "V", 1e-6, true, true}, {"out", "V", 1e-6, true, true}}, 2, {});
  const Index r = rows.add_nodes({"xb.r", 2, 3});
  const Index x = rows.add({"m1#x", "", 1e-9, false, true});
  const Index empty = rows.add(Lattice{"none", 0}, Row{"", "C"});
  const Index s = rows.add(Lattice{"xb", 2, 3, "#x"}, Row{"", "1", 1e-7, false, false});
  const Index last = rows.add_node("m1#inner");
  CHECK(r == 3);
  CHECK(x == 9);
  CHECK(s == empty);
  CHECK(last == 16);
  CHECK(rows.count() == 17);
  CHECK(rows[2].name == "out");
  CHECK(rows[r + 4].name == "xb.r[1,1]");
  CHECK(rows[x].name == "m1#x");
  CHECK(rows[s].name == "xb[0,0]#x");
  CHECK(rows.kind_of(s + 5).tolerance == 1e-7);
  CHECK(rows[last].name == "m1#inner");
  CHECK(rows.find_in_lattices("xb[1,2]#x") == s + 5);
  CHECK(rows.find_in_lattices("xb[1,2]") == -1);
  std::vector<std::pair<std::string, Index>> single;
  rows.each_single([&](const Row& row, Index at) { single.emplace_back(row.name, at); });
  CHECK(single == std::vector<std::pair<std::string, Index>>{{"0", 0}, {"in", 1}, {"out", 2}, {"m1#x", x}, {"m1#inner", last}});
}
