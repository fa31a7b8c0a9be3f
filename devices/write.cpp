// Write models and presets by name.
#include "devices/write.hpp"

#include <algorithm>

namespace settle {

const WriteField* WriteModel::field(std::string_view field_name) const {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const WriteField& f) { return f.field.name == field_name; });
  return found == fields.end() ? nullptr : &*found;
}

WriteSetting find_write(std::string_view type) {
  if (const WriteModel* model = Registry<WriteModel>::find(type)) return {"", model};
  for (const WritePreset& preset : write_presets())
    if (preset.name == type) return {"", Registry<WriteModel>::find(preset.model), {preset.values, {}}};
  return {};
}

std::vector<std::string_view> write_names() {
  std::vector<std::string_view> names;
  for (const auto& [name, model] : Registry<WriteModel>::all()) names.emplace_back(name);
  for (const WritePreset& preset : write_presets()) names.emplace_back(preset.name);
  return names;
}

}  // namespace settle
