// Reads traces: the outline at once, values on request.
#include "sim/trace_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <hdf5_hl.h>

#include <algorithm>

#include "sim/error.hpp"
#include "sim/hdf5.hpp"

namespace settle {
namespace {

std::string text_of(const Attributes& attributes, const std::string& name) {
  for (const auto& [key, value] : attributes) {
    if (const auto* text = std::get_if<std::string>(&value); text && key == name) return *text;
  }
  return {};
}

herr_t keep_name(hid_t, unsigned, hid_t scale, void* name) {
  const ssize_t length = H5DSget_scale_name(scale, nullptr, 0);
  if (length <= 0) return -1;
  std::string& text = *static_cast<std::string*>(name);
  text.resize(static_cast<std::size_t>(length));
  H5DSget_scale_name(scale, text.data(), text.size() + 1);
  return 1;
}

// Name of the scale attached to an axis of a dataset; it lies in the dataset's group.
std::string scale_of(hid_t dataset, unsigned axis) {
  std::string name;
  hdf5::check(H5DSiterate_scales(dataset, axis, nullptr, keep_name, &name), "find the scale of a dataset");
  return name;
}

TraceOutline::Dataset outline_dataset(hid_t group, hid_t dataset, const std::string& name) {
  const auto extent = hdf5::shape(dataset);
  const auto label_axis = static_cast<unsigned>(extent.size() - 1);
  const std::string scale = scale_of(dataset, label_axis);
  TraceOutline::Dataset result{name, text_of(hdf5::read_attributes(dataset), "units"), scale};
  if (!scale.empty()) result.labels = hdf5::read_texts(hdf5::open_object(group, scale));
  result.complex = hdf5::is_complex(dataset);
  result.samples = extent.size() == 3 ? extent[1] : 1;
  return result;
}

// Datasets with more than one axis, all over the same growing one, make a group of rows.
TraceOutline outline(hid_t group, const std::string& path, const std::vector<std::string>& members) {
  TraceOutline result{path};
  result.attributes = hdf5::read_attributes(group);
  std::vector<hsize_t> lengths;
  std::string axis;
  for (const auto& name : members) {
    const auto dataset = hdf5::open_object(group, name);
    if (H5Iget_type(dataset) != H5I_DATASET) continue;
    if (const auto extent = hdf5::shape(dataset); extent.size() >= 2) {
      lengths.push_back(extent[0]);
      axis = scale_of(dataset, 0);
      result.datasets.push_back(outline_dataset(group, dataset, name));
    }
  }
  if (axis.empty()) return result;
  const auto dataset = hdf5::open_object(group, axis);
  lengths.push_back(hdf5::shape(dataset)[0]);
  result.axis = axis;
  result.unit = text_of(hdf5::read_attributes(dataset), "units");
  result.rows = *std::min_element(lengths.begin(), lengths.end());
  if (result.rows > 0) {
    result.first = hdf5::read_rows(dataset, 0, 1)[0];
    result.last = hdf5::read_rows(dataset, result.rows - 1, 1)[0];
  }
  return result;
}

void collect(hid_t group, const std::string& path, std::vector<TraceOutline>& result) {
  const auto members = hdf5::links(group);
  if (auto here = outline(group, path, members); !here.axis.empty()) result.push_back(std::move(here));
  for (const auto& name : members) {
    if (path.empty() && (name == "effective" || name == "arrays" || name == "figures")) continue;  // tables, without rows that grow
    const auto member = hdf5::open_object(group, name);
    if (H5Iget_type(member) == H5I_GROUP) collect(member, path + '/' + name, result);
  }
}

}  // namespace

struct TraceReader::State {
  hdf5::Handle file;
};

TraceReader::TraceReader(const std::string& path) {
  const hdf5::Guard guard;
  auto state = std::make_unique<State>();
  try {
    state->file = hdf5::open_file(path, H5F_ACC_RDONLY);
  } catch (const Error& refused) {
    try {
      state->file = hdf5::open_file(path, H5F_ACC_RDONLY | H5F_ACC_SWMR_READ);
      unfinished_ = true;
    } catch (const Error&) {
      throw Error(Fault::file, std::string(refused.what()) + "; if its run was killed, try `settle repair " + path + "`");
    }
  }
  attributes_ = hdf5::read_attributes(state->file);
  if (text("format") != "settle-trace") throw Error(Fault::file, "'" + path + "' is an HDF5 file but not a trace of settle");
  collect(state->file, "", groups_);
  state_ = std::move(state);
}

TraceReader::~TraceReader() = default;

std::string TraceReader::text(const std::string& attribute) const { return text_of(attributes_, attribute); }

std::string TraceReader::netlist() const {
  const hdf5::Guard guard;
  return hdf5::read_texts(hdf5::open_object(state_->file, "/netlist")).at(0);
}

const TraceOutline& TraceReader::group(const std::string& path) const {
  const std::string absolute = path.starts_with('/') ? path : '/' + path;
  std::vector<std::string> known;
  for (const auto& outline : groups_) {
    if (outline.path == absolute) return outline;
    known.push_back(outline.path);
  }
  throw Error(Fault::usage, fmt::format("the trace has no group '{}'; it has {}", path, fmt::join(known, ", ")));
}

std::vector<double> TraceReader::axis(const std::string& path) const {
  const hdf5::Guard guard;
  const auto& outline = group(path);
  return hdf5::read_rows(hdf5::open_object(state_->file, outline.path + '/' + outline.axis), 0, outline.rows);
}

TraceArray TraceReader::array(const std::string& path, const std::string& name) const {
  const hdf5::Guard guard;
  const auto& outline = group(path);
  const auto found = std::find_if(outline.datasets.begin(), outline.datasets.end(), [&](const auto& d) { return d.name == name; });
  if (found == outline.datasets.end()) throw Error(Fault::usage, "group '" + outline.path + "' has no dataset '" + name + "'");
  TraceArray result{found->name, found->unit, found->label_axis, found->labels, found->complex, found->samples, {}};
  const auto dataset = hdf5::open_object(state_->file, outline.path + '/' + name);
  const auto numbers = hdf5::read_rows(dataset, 0, outline.rows);
  const std::size_t parts = result.complex ? 2 : 1;
  result.values.resize(outline.rows * result.samples * result.labels.size());
  for (std::size_t k = 0; k < result.values.size(); ++k) {
    result.values[k] = {numbers[parts * k], result.complex ? numbers[parts * k + 1] : 0.0};
  }
  return result;
}

std::vector<std::string> TraceReader::members(const std::string& group) const {
  const hdf5::Guard guard;
  for (std::size_t slash = group.find('/', 1);; slash = group.find('/', slash + 1)) {
    if (H5Lexists(state_->file, group.substr(0, slash).c_str(), H5P_DEFAULT) <= 0) return {};
    if (slash == std::string::npos) break;
  }
  return hdf5::links(hdf5::open_object(state_->file, group));
}

Attributes TraceReader::attributes(const std::string& group) const {
  const hdf5::Guard guard;
  return hdf5::read_attributes(hdf5::open_object(state_->file, group));
}

std::vector<std::string> TraceReader::texts(const std::string& path) const {
  const hdf5::Guard guard;
  return hdf5::read_texts(hdf5::open_object(state_->file, path));
}

TraceNumbers TraceReader::numbers(const std::string& path) const {
  const hdf5::Guard guard;
  const auto dataset = hdf5::open_object(state_->file, path);
  TraceNumbers result;
  result.attributes = hdf5::read_attributes(dataset);
  result.unit = text_of(result.attributes, "units");
  if (result.unit == "1") result.unit.clear();
  result.long_name = text_of(result.attributes, "long_name");
  result.flags = text_of(result.attributes, "flag_meanings");
  const auto extent = hdf5::shape(dataset);
  result.shape.assign(extent.begin(), extent.end());
  if (!extent.empty()) result.values = hdf5::read_rows(dataset, 0, extent[0]);
  return result;
}

std::vector<std::complex<double>> TraceArray::column(const std::string& label, std::size_t sample) const {
  const auto found = std::find(labels.begin(), labels.end(), label);
  if (found == labels.end() || sample >= samples) {
    throw Error(Fault::usage, fmt::format("'{}' has no column '{}', sample {}; it has {} sample(s) of {}", name, label, sample, samples,
                                          fmt::join(labels, ", ")));
  }
  const auto offset = sample * labels.size() + static_cast<std::size_t>(found - labels.begin());
  std::vector<std::complex<double>> result;
  for (std::size_t k = offset; k < values.size(); k += samples * labels.size()) result.push_back(values[k]);
  return result;
}

}  // namespace settle
