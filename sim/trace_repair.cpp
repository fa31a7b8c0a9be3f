// Makes the trace of a killed run readable by every tool: clears the mark of its writer, cuts incomplete rows, checks all values.
#include "sim/trace_repair.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "sim/error.hpp"
#include "sim/hdf5.hpp"
#include "sim/trace_lock.hpp"
#include "sim/trace_reader.hpp"

namespace settle {
namespace {

namespace fs = std::filesystem;

// The copy beside the original; gone unless it took the original's place.
class Copy {
 public:
  explicit Copy(const std::string& original) : original_(original), path_(original + ".repair") {
    std::error_code failed;
    fs::copy_file(original, path_, fs::copy_options::overwrite_existing, failed);
    if (failed) throw Error(Fault::file, "cannot copy '" + original + "' to '" + path_ + "' for its repair: " + failed.message());
  }
  ~Copy() {
    std::error_code ignored;
    if (!replaced_) fs::remove(path_, ignored);
  }
  const std::string& path() const { return path_; }

  void replace_original() {
    const int descriptor = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor >= 0) {
      ::fsync(descriptor);
      ::close(descriptor);
    }
    fs::rename(path_, original_);
    replaced_ = true;
  }

 private:
  std::string original_, path_;
  bool replaced_ = false;
};

// What `h5clear -s --increment=0` does. Without the new end of file the library takes the last rows for damage.
void clear_writer_mark(const std::string& path) {
  const auto access = hdf5::own(H5Pcreate(H5P_FILE_ACCESS), "create file access list");
  const hbool_t yes = true;
  hdf5::check(H5Pset(access, "clear_status_flags", &yes), "ask to clear the status flags");
  hdf5::check(H5Pset(access, "skip_eof_check", &yes), "ask to skip the check of the end of file");
  hdf5::Handle file = hdf5::own(H5Fopen(path.c_str(), H5F_ACC_RDWR, access), "open file", path);
  hdf5::check(H5Fincrement_filesize(file, 0), "set the end of file", path);
  hdf5::close_file(file, path);
}

std::size_t cut(hid_t dataset, std::size_t rows) {
  auto extent = hdf5::shape(dataset);
  const std::size_t excess = extent[0] - rows;
  extent[0] = rows;
  if (excess > 0) hdf5::check(H5Dset_extent(dataset, extent.data()), "cut incomplete rows");
  return excess;
}

// All datasets of a group to the rows that all of them have; returns the most rows that one lost.
std::size_t cut_incomplete_rows(const std::string& path) {
  const auto groups = TraceReader(path).groups();
  hdf5::Handle file = hdf5::open_file(path, H5F_ACC_RDWR);
  std::size_t excess = 0;
  for (const auto& group : groups) {
    excess = std::max(excess, cut(hdf5::open_object(file, group.path + '/' + group.axis), group.rows));
    for (const auto& dataset : group.datasets) {
      excess = std::max(excess, cut(hdf5::open_object(file, group.path + '/' + dataset.name), group.rows));
    }
    hdf5::write_last_attributes(hdf5::open_object(file, group.path), {{"rows", static_cast<std::int64_t>(group.rows)}});
  }
  hdf5::write_last_attributes(file, {{"status", "killed"}, {"status_message", "the run was killed; its trace was repaired"}});
  hdf5::close_file(file, path);
  return excess;
}

void read_through(hid_t dataset, std::size_t rows) {
  const auto extent = hdf5::shape(dataset);
  std::size_t width = 1;
  for (std::size_t k = 1; k < extent.size(); ++k) width *= extent[k];
  const std::size_t slab = std::max<std::size_t>((std::size_t{1} << 22) / std::max<std::size_t>(width, 1), 1);
  for (std::size_t first = 0; first < rows; first += slab) hdf5::read_rows(dataset, first, std::min(slab, rows - first));
}

std::size_t read_everything(const std::string& path) {
  const TraceReader reader(path);
  const hdf5::Handle file = hdf5::open_file(path, H5F_ACC_RDONLY);
  std::size_t rows = 0;
  for (const auto& group : reader.groups()) {
    read_through(hdf5::open_object(file, group.path + '/' + group.axis), group.rows);
    for (const auto& dataset : group.datasets) read_through(hdf5::open_object(file, group.path + '/' + dataset.name), group.rows);
    rows += group.rows;
  }
  return rows;
}

bool closed_properly(const std::string& path) {
  try {
    const TraceReader reader(path);
    return !reader.unfinished() && reader.text("status") != "running";
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

std::string repair(const std::string& path) {
  const hdf5::Guard guard;
  FileLock lock = FileLock::exclusive(path);
  lock = {};  // the library locks the file itself
  if (closed_properly(path)) return fmt::format("{}: nothing to repair, the trace was closed properly", path);
  Copy copy(path);
  try {
    clear_writer_mark(copy.path());
    const std::size_t excess = cut_incomplete_rows(copy.path());
    const std::size_t rows = read_everything(copy.path());
    copy.replace_original();
    return fmt::format("{}: repaired; {} rows are readable, {} incomplete ones were cut", path, rows, excess);
  } catch (const Error& error) {
    throw Error(Fault::file, fmt::format("'{}' cannot be repaired and is left as it was: {}", path, error.what()));
  }
}

}  // namespace settle
