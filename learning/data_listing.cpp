// `settle list datasets`: the data sources with their options.
#include "circuits/listing.hpp"
#include "learning/dataset.hpp"

namespace settle {
namespace {

std::vector<ListingEntry> datasets() {
  std::vector<ListingEntry> entries;
  for (const auto& [name, source] : Registry<DataSource>::all()) {
    ListingEntry entry{name, ".task " + name, source->help(), {}, {}};
    for (const CardParameter& p : source->parameters()) {
      entry.usage += p.standard == "required" ? " " + p.name + "..." : "";
      entry.rows.push_back({p.name, p.unit, p.standard, "", p.help});
    }
    entry.usage += " [option=value ...]";
    entries.push_back(std::move(entry));
  }
  return entries;
}

const Registered<ListingTopic, ListingTopic> registered("datasets", ListingTopic{
    "datasets", "Data sets",
    "Where the data of a .task come from. Every source also takes classes=, held_out=, limit=, normalize= and encoding=, which `settle list analyses task` explains; "
    "how data get onto the pins of a circuit is in [tasks.md](tasks.md). Files are looked for beside the deck, then where the program runs.",
    false, {"option", "unit", "default", "range", "meaning"}, datasets});

}  // namespace
}  // namespace settle
