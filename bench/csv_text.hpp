#pragma once
// The hand-written CSV reading shared by csv_hand and qr_reference: pread of blocks, cut at
// record boundaries, and fast_float on each cell. It reads the file make_csv writes and others
// as plain: one header line, commas, no quotes, LF.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fast_float/fast_float.h>

namespace bench {

/// Bytes of file per block.
inline constexpr std::size_t block_bytes = 256 * 1024;

/// An open CSV file, cut into blocks of `block_bytes`. Const calls are safe from many threads.
class CsvFile {
 public:
  explicit CsvFile(const std::string& path);
  ~CsvFile();
  CsvFile(const CsvFile&) = delete;
  CsvFile& operator=(const CsvFile&) = delete;

  [[nodiscard]] std::size_t blocks() const { return (bytes_ + block_bytes - 1) / block_bytes; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  /// Names of the columns, from the header.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

  /// The whole records that begin in block `index`, read into `buffer`, which is reused and
  /// grows only for records longer than any before. The view ends with a newline.
  std::string_view records(std::size_t index, std::vector<char>& buffer) const;

 private:
  std::size_t read_at(std::size_t offset, char* to, std::size_t size) const;

  int descriptor_ = -1;
  std::size_t bytes_ = 0;
  std::size_t header_bytes_ = 0;
  std::vector<std::string> names_;
};

/// Says which cell is not a number, and throws.
[[noreturn]] void bad_cell(const char* at, const char* end);

/// Parses the record at `at` into out[0], out[stride], ... for `columns` cells and returns the
/// start of the next record.
template <class Number>
const char* parse_record(const char* at, const char* end, Number* out, std::size_t columns,
                         std::size_t stride) {
  for (std::size_t column = 0; column < columns; ++column) {
    const auto [stop, error] = fast_float::from_chars(at, end, out[column * stride]);
    const char expected = column + 1 == columns ? '\n' : ',';
    if (error != std::errc() || stop == end || *stop != expected) bad_cell(at, end);
    at = stop + 1;
  }
  return at;
}

}  // namespace bench
