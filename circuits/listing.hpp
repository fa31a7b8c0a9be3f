// Listing: the reference of everything that is registered, for the terminal or as a page of docs/; one table behind both.
#pragma once

#include <array>
#include <string>
#include <vector>

namespace settle {

/// A parameter, a function or an option. Empty cells are allowed.
struct ListingRow {
  std::string name, unit, standard, range, help;
};

struct ListingEntry {
  std::string name;
  std::string usage;  // how it is written in a deck
  std::string help;
  std::vector<std::string> facts;
  std::vector<ListingRow> rows;
};

/// A topic of a layer further right registers itself: Registered<ListingTopic, ListingTopic>.
struct ListingTopic {
  std::string name;      // "devices"
  std::string title;     // "Devices"
  std::string intro;
  bool single = false;   // every entry is one row of one table
  std::array<std::string, 5> heads;  // of the rows
  std::vector<ListingEntry> (*entries)();
};

const std::vector<ListingTopic>& listing_topics();

enum class ListingForm { text, markdown };

/// A topic, or one entry of it. Throws Error (usage) with a suggestion if there is no such topic or entry.
std::string listing(const std::string& topic, const std::string& name, ListingForm form, std::size_t width = 100);

}  // namespace settle
