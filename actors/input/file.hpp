/// An input file: what is inside of a file that may be packed, or is still coming, of a pipe, or of standard input, read
/// on from its beginning.
///
///   auto file = leat::InputFile::open("flights.csv.gz");
///   auto got = file->read(buffer, sizeof buffer);   // fewer only where it ends, or nothing comes for a moment
///   file->give_back(rest);                           // what was not used comes again
///
/// gzip and zstd are told by content (unpacker.hpp) and unpacked on the way. Offsets are of what is inside. To return
/// to one in a packed file it is unpacked from its beginning again: neither format has an index, and one would have to
/// be made by unpacking all of it. Errors begin with the file's name; of packed files they say where in the file as
/// it lies: one that ends within a stream, is damaged, goes on with something else, needs a window that is too large,
/// or is packed in a way that is known and not read. Threads: one.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <leat/actors/input/bytes.hpp>
#include <leat/actors/input/unpacker.hpp>
#include <leat/chunk/result.hpp>

namespace leat {

class InputFile {
 public:
  /// Opens what a path names (input_paths.hpp). `most_window`: of zstd, the largest that is taken. Of a pipe it waits
  /// for the first bytes. Errors: what cannot be opened.
  static Result<InputFile> open(const std::string& path, std::uint64_t most_window = kMostWindow);

  const std::string& path() const { return bytes_.path(); }
  Packing packing() const { return packing_; }
  /// Can be read again, from any offset: see seek(). Else what is read is gone.
  bool regular() const { return bytes_.regular(); }
  /// Another text when the file is another, or was changed.
  std::string identity() const { return bytes_.identity(); }
  std::string lasting_identity() const { return bytes_.lasting_identity(); }

  /// Bytes as they lie in the file: all of them, 0 of what is not regular; and those read so far.
  std::uint64_t lies() const { return bytes_.size(); }
  std::uint64_t taken() const;
  /// Bytes inside that are still to come, at most: known of a regular plain file.
  std::uint64_t most_left() const;

  /// Of what comes next.
  std::uint64_t offset() const { return offset_; }
  /// Nothing comes any more. A packed file may have ended where this does not say so yet: the next read() gives
  /// nothing then.
  bool ended() const;

  /// The next bytes: `most` of them unless the file ends, or of a pipe nothing more has come after some ms, or on the
  /// way to an offset; see ended(). It does not wait longer than that.
  Result<std::size_t> read(char* to, std::size_t most);
  /// The last read() gave fewer as nothing more had come.
  bool waits() const { return waits_; }
  /// It was still coming when it was opened (FileGrowth): what has come is read, and wake_when_more() tells of more.
  bool coming() const { return bytes_.coming(); }
  void wake_when_more(Wake wake) const { bytes_.wake_when_more(std::move(wake)); }
  /// As read(), and waits for as long as it takes.
  Result<std::size_t> read_whole(char* to, std::size_t most);
  /// The end of what was read last, which has not been used: it will be read again.
  void give_back(std::string_view rest);
  /// Goes back to its beginning; `all` is all that was read of it.
  void begin_again(std::string_view all);
  /// Goes to an offset of a regular file, or forward in another. A packed one is unpacked up to there by the next calls
  /// of read(), which fail where it is beyond its end.
  void seek(std::uint64_t offset);

  /// At an end in the middle of something: that the file has grown since, if it has.
  bool grown() const { return bytes_.regular() && bytes_.grown(); }
  Error grows() const { return bytes_.grows(); }

  /// Heap it holds now, and at most where what is given back has at most `kept` bytes.
  std::uint64_t most_memory(std::uint64_t kept) const;

 private:
  bool plain_file() const { return packing_ == Packing::plain && bytes_.regular(); }
  Result<void> look();
  Result<bool> refill();
  Result<std::size_t> pass_over(char* scratch, std::size_t room);
  std::size_t take_kept(char* to, std::size_t most);
  Result<std::size_t> more(char* to, std::size_t most);
  Result<std::size_t> unpack(char* to, std::size_t most);
  Error at_byte(const Error& error) const;

  InputBytes bytes_;
  Packing packing_ = Packing::plain;
  std::uint64_t most_window_ = kMostWindow;
  std::unique_ptr<Unpacker> unpacker_;
  std::uint64_t offset_ = 0;
  std::uint64_t skip_ = 0;     // bytes inside to pass over before offset_
  std::string kept_;           // what was given back
  std::size_t kept_at_ = 0;
  std::string raw_;            // as it lies in the file; of packed files, and the first bytes of pipes
  std::size_t raw_at_ = 0;
  std::uint64_t raw_end_ = 0;  // offset in the file of its end
  bool raw_ended_ = false;
  bool ended_ = false;
  bool waits_ = false;         // nothing came in time
  std::chrono::steady_clock::time_point until_{};  // how long this call waits for a pipe
};

}  // namespace leat
