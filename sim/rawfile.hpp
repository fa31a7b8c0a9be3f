// SPICE rawfiles, as ngspice's `load` and waveform viewers read them: one plot after the other, streamed.
#pragma once

#include <complex>
#include <cstdint>
#include <fstream>
#include <span>
#include <string>
#include <vector>

namespace settle {

struct RawVariable {
  std::string name;  ///< "time", "v(out)", "i(v1)"; written in lower case, spaces as '_'
  std::string type;  ///< "time", "frequency", "voltage", "current", "notype"
};

class RawFile {
 public:
  enum class Format { binary, text };

  /// Throws Error(Fault::file) where the file cannot be created.
  explicit RawFile(const std::string& path, Format format = Format::binary);
  ~RawFile();
  RawFile(const RawFile&) = delete;
  RawFile& operator=(const RawFile&) = delete;

  /// Ends the plot before, if any, and begins the next. The sweep variable comes first; a plot of an operating point has none.
  void plot(const std::string& title, const std::string& plotname, bool complex, const std::vector<RawVariable>& variables);
  /// One point of a real plot, a value for each variable; of a complex plot, the sweep variable included.
  void point(std::span<const double> values);
  void point(std::span<const std::complex<double>> values);
  /// Enters the last count of points; throws Error(Fault::file) where anything could not be written.
  void close();

 private:
  void begin_point(bool complex, std::size_t count);
  void end_plot();
  void check();

  std::string path_;
  Format format_;
  std::ofstream out_;
  bool complex_ = false;
  std::size_t variables_ = 0;
  std::uint64_t points_ = 0;
  std::streampos count_at_ = -1;  ///< where the header keeps the number of points
};

}  // namespace settle
