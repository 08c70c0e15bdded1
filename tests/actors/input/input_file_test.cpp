#include <boost/test/unit_test.hpp>

#include <map>
#include <thread>

#include <sys/stat.h>

#include <leat/actors/input/file.hpp>

#include "actors/csv/fixture.hpp"
#include "actors/input/packed.hpp"

using namespace leat;
using csv_fixture::contains;
using csv_fixture::Files;
using leat::tests::gzip;
using leat::tests::zstd;

namespace {

std::string some_text(std::size_t lines) {
  std::string text;
  for (std::size_t i = 0; i < lines; ++i) text += std::to_string(i * 7919 % 100003) + "," + std::to_string(i) + ".25\n";
  return text;
}

// By name: what is inside of each is `text`.
std::map<std::string, std::string> packed(const std::string& text) {
  std::string half = text.substr(0, text.size() / 3);
  std::string rest = text.substr(half.size());
  return {{"plain", text},
          {"gzip", gzip(text)},
          {"zstd", zstd(text)},
          {"members", gzip(half) + gzip("") + gzip(rest)},
          {"padded", gzip(half) + gzip(rest) + std::string(1000, '\0')},
          {"frames", leat::tests::zstd_passed_over() + zstd(half) + zstd("") + zstd(rest)}};
}

// All that is inside, in pieces; or the error.
std::string inside(const std::string& path, std::size_t piece, std::uint64_t most_window = kMostWindow) {
  auto file = InputFile::open(path, most_window);
  if (!file) return file.error().sentence;
  std::string all;
  std::string buffer(piece, '\0');
  while (!file->ended()) {
    auto got = file->read(buffer.data(), buffer.size());
    if (!got) return got.error().sentence;
    all += buffer.substr(0, *got);
  }
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(input_file)

BOOST_AUTO_TEST_CASE(what_is_inside_is_read_whatever_packs_it_and_in_whatever_pieces) {
  Files files;
  std::string text = some_text(60000);
  for (const auto& [name, content] : packed(text)) {
    auto path = files.write(content, name);
    for (std::size_t piece : {std::size_t{13}, std::size_t{4096}, std::size_t{262144}, text.size() + 1}) {
      BOOST_TEST((inside(path, piece) == text), name << " in pieces of " << piece);
    }
  }
  for (const auto& [name, content] : packed("")) BOOST_TEST(inside(files.write(content, name), 100) == "", name);
}

BOOST_AUTO_TEST_CASE(what_is_given_back_comes_again) {
  Files files;
  std::string text = some_text(20000);
  for (const auto& [name, content] : packed(text)) {
    auto file = InputFile::open(files.write(content, name));
    BOOST_REQUIRE(file.ok());
    std::string all;
    std::string buffer(5000, '\0');
    for (std::size_t i = 0; !file->ended(); ++i) {
      std::size_t most = 100 + i * 331 % 4900;
      auto got = file->read(buffer.data(), most);
      BOOST_REQUIRE(got.ok());
      std::string_view read(buffer.data(), *got);
      std::size_t back = i % 3 == 0 ? read.size() : i % 3 == 1 ? read.size() / 2 : 0;
      file->give_back(read.substr(read.size() - back));
      all += read.substr(0, read.size() - back);
      BOOST_REQUIRE(file->offset() == all.size());
    }
    BOOST_TEST((all == text), name);
  }
}

BOOST_AUTO_TEST_CASE(a_file_returns_to_any_offset_and_says_when_there_is_none) {
  Files files;
  std::string text = some_text(30000);
  std::string buffer(1000, '\0');
  for (const auto& [name, content] : packed(text)) {
    auto file = InputFile::open(files.write(content, name));
    BOOST_REQUIRE(file.ok());
    for (std::size_t offset : {std::size_t{0}, text.size() - 1000, std::size_t{17}, std::size_t{200000}}) {
      file->seek(offset);
      auto got = file->read_whole(buffer.data(), buffer.size());
      BOOST_REQUIRE(got.ok());
      BOOST_TEST((buffer == text.substr(offset, 1000)), name << " at " << offset);
    }
    if (name == "plain") continue;
    file->seek(text.size() + 5);
    auto got = file->read_whole(buffer.data(), buffer.size());
    BOOST_REQUIRE(!got.ok());
    BOOST_TEST(contains(got.error().sentence, "is beyond its end, " + std::to_string(text.size()) + " bytes"));
  }
}

BOOST_AUTO_TEST_CASE(a_stream_that_is_cut_off_anywhere_is_said_to_be) {
  Files files;
  for (const std::string& whole : {gzip("a,b\n1,2\n"), zstd("a,b\n1,2\n")}) {
    std::string name = whole == gzip("a,b\n1,2\n") ? "gzip" : "zstd";
    for (std::size_t size = 4; size < whole.size(); ++size) {
      auto said = inside(files.write(whole.substr(0, size), "cut"), 100);
      std::string wanted = "cut: ends in the middle of a " + name + " stream, at byte " + std::to_string(size);
      BOOST_TEST(contains(said, wanted), said);
    }
  }
}

BOOST_AUTO_TEST_CASE(damage_is_found_and_never_read_as_something_else) {
  Files files;
  std::string text = some_text(300);
  for (const std::string& whole : {gzip(text), zstd(text)}) {
    for (std::size_t at = 4; at < whole.size(); at += 3) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
      auto said = inside(files.write(damaged, "d"), 1000);
      // Some of gzip's header says nothing of the content, nor do the bits that fill up its last byte.
      bool silent = at < 10 || at == whole.size() - 9;
      BOOST_TEST((said == text || contains(said, "d: ")), said);
      BOOST_TEST((silent || said != text), "byte " << at << " of " << whole.size());
    }
    std::string checksum = whole;
    checksum[whole.size() - (whole == gzip(text) ? 8 : 4)] ^= 1;
    BOOST_TEST(contains(inside(files.write(checksum, "d"), 1000), "is damaged: its checksum"));
  }
}

BOOST_AUTO_TEST_CASE(what_follows_a_stream_and_is_none_is_refused) {
  Files files;
  BOOST_TEST(contains(inside(files.write(gzip("a\n") + "garbage", "f"), 100),
                      "goes on after the end of its gzip stream with something else"));
  std::string padded = gzip("a\n") + std::string(3, '\0') + gzip("b\n");
  BOOST_TEST(contains(inside(files.write(padded, "f"), 100), "something else"));
  BOOST_TEST(contains(inside(files.write(zstd("a\n") + "garbage", "f"), 100),
                      "goes on after the end of its zstd stream with something else"));
}

BOOST_AUTO_TEST_CASE(a_window_that_is_larger_than_allowed_is_refused_and_no_more_memory_is_held_than_said) {
  Files files;
  std::string text = some_text(1500000);
  auto path = files.write(zstd(text, 24), "long.zst");
  BOOST_TEST(contains(inside(path, 100000), "needs a larger window than max_window, 8388608 bytes; raise max_window"));
  BOOST_TEST((inside(path, 100000, 16 << 20) == text));
  std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
  std::string content = zstd(text, 23);
  std::string out(text.size() / 2, '\0');
  ZSTD_inBuffer from{content.data(), content.size(), 0};
  ZSTD_outBuffer to{out.data(), out.size(), 0};
  BOOST_REQUIRE(!ZSTD_isError(ZSTD_decompressStream(context.get(), &to, &from)));
  BOOST_TEST(ZSTD_sizeof_DCtx(context.get()) > kMostWindow);
  BOOST_TEST(ZSTD_sizeof_DCtx(context.get()) <= unpacker_bytes(Packing::zstd, kMostWindow));
}

BOOST_AUTO_TEST_CASE(what_is_packed_in_another_way_is_named) {
  Files files;
  using namespace std::string_literals;
  BOOST_TEST(contains(inside(files.write("\xfd" "7zXZ\0rest"s, "f"), 10), "is packed with xz, which is not read"));
  BOOST_TEST(contains(inside(files.write("BZh91AY&SY", "f"), 10), "bzip2"));
  BOOST_TEST(contains(inside(files.write("PK\x03\x04rest", "f"), 10), "zip"));
  BOOST_TEST(inside(files.write("BZhans,1\n", "f"), 10) == "BZhans,1\n");
}

BOOST_AUTO_TEST_CASE(a_pipe_gives_what_has_come_and_then_the_rest) {
  Files files;
  std::string pipe = files.path("pipe");
  BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::string text = some_text(40000);
  for (const auto& [name, content] : packed(text)) {
    std::thread writer([&, &content = content] { std::ofstream(pipe, std::ios::binary) << content; });
    BOOST_TEST((inside(pipe, 50000) == text), name);
    writer.join();
  }
  auto file = [&] {
    std::thread writer([&] { std::ofstream(pipe, std::ios::binary) << "first"; });
    auto opened = InputFile::open(pipe);
    writer.join();
    return opened;
  }();
  BOOST_REQUIRE(file.ok());
  BOOST_TEST(!file->regular());
  std::string buffer(100, '\0');
  BOOST_TEST(*file->read_whole(buffer.data(), 100) == 5u);
  BOOST_TEST(file->ended());
}

BOOST_AUTO_TEST_SUITE_END()
