#include <array>

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <leat/net/crc32c.hpp>
#include <leat/net/framing.hpp>
#include <leat/net/little_endian.hpp>

using namespace leat;
using wire::Header;
using wire::FrameKind;

namespace {

using Bytes = std::array<std::byte, wire::kHeader>;

Bytes encoded(const Header& header) {
  Bytes out;
  wire::encode(header, out);
  return out;
}

// With a checksum that fits what was changed.
Result<Header> decoded(Bytes bytes, std::size_t at, std::uint8_t value) {
  bytes[at] = static_cast<std::byte>(value);
  constexpr std::size_t checked = wire::kHeader - 4;
  wire::put<std::uint32_t>(bytes.data() + checked, wire::crc32c(std::span(bytes).first(checked)));
  return wire::decode(bytes);
}

Header some_data() {
  Header h;
  h.channel = 9;
  h.epoch = 2;
  h.sequence = 77;
  h.position = 5;
  h.total = 4096;
  h.cost = 5120;
  h.slice = 4096;
  h.last = true;
  h.payload_crc = 0x12345678;
  h.origin = (std::uint64_t{3} << 48) | 1234;
  return h;
}

// Any header a peer may send.
rc::Gen<Header> any_header() {
  return rc::gen::exec([] {
    Header h;
    h.kind = *rc::gen::element(FrameKind::data, FrameKind::done, FrameKind::barrier, FrameKind::end, FrameKind::credit,
                               FrameKind::sign);
    if (h.kind == FrameKind::sign) return h;
    h.channel = *rc::gen::arbitrary<std::uint32_t>();
    h.epoch = *rc::gen::arbitrary<std::uint32_t>();
    h.sequence = *rc::gen::arbitrary<std::uint64_t>();
    h.position = *rc::gen::arbitrary<std::uint64_t>();
    if (h.kind == FrameKind::end) h.interrupted = *rc::gen::arbitrary<bool>();
    if (h.kind == FrameKind::credit) h.chunks = *rc::gen::arbitrary<std::uint64_t>();
    if (h.kind != FrameKind::data) return h;
    h.closes = *rc::gen::arbitrary<bool>();
    h.lz4 = *rc::gen::arbitrary<bool>();
    h.last = *rc::gen::arbitrary<bool>();
    h.total = 8 * *rc::gen::inRange<std::uint32_t>(1, 1 << 28);
    h.cost = *rc::gen::inRange<std::uint32_t>(h.total, ~0u);
    h.slice = *rc::gen::inRange<std::uint32_t>(1, std::min<std::uint32_t>(h.total, wire::kSlice) + 1);
    h.payload_crc = *rc::gen::arbitrary<std::uint32_t>();
    h.origin = wire::origin_of({*rc::gen::inRange<std::uint32_t>(0, 1 << 17), *rc::gen::arbitrary<std::uint64_t>(), {}});
    return h;
  });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(framing)

BOOST_AUTO_TEST_CASE(what_is_encoded_is_decoded_alike) {
  BOOST_TEST(rc::check([] {
    Header header = *any_header();
    auto back = wire::decode(encoded(header));
    RC_ASSERT(back.ok());
    RC_ASSERT(*back == header);
  }));
}

BOOST_AUTO_TEST_CASE(a_header_lies_as_docs_wire_says) {
  Bytes bytes = encoded(some_data());
  auto byte = [&](std::size_t at) { return std::to_integer<int>(bytes[at]); };
  BOOST_TEST(byte(0) == 0x1e);
  BOOST_TEST(byte(1) == 3);
  BOOST_TEST(byte(2) == 1);
  BOOST_TEST(byte(3) == 8);
  BOOST_TEST(wire::get<std::uint32_t>(&bytes[4]) == 9u);
  BOOST_TEST(wire::get<std::uint32_t>(&bytes[8]) == 2u);
  BOOST_TEST(wire::get<std::uint32_t>(&bytes[12]) == 4096u);
  BOOST_TEST(wire::get<std::uint64_t>(&bytes[16]) == 77u);
  BOOST_TEST(wire::get<std::uint64_t>(&bytes[24]) == 5u);
  BOOST_TEST(wire::get<std::uint32_t>(&bytes[32]) == 4096u);
  BOOST_TEST(wire::get<std::uint32_t>(&bytes[36]) == 5120u);
  BOOST_TEST(wire::get<std::uint32_t>(&bytes[40]) == 0x12345678u);
  BOOST_TEST(wire::get<std::uint64_t>(&bytes[44]) == 0x00030000000004d2u);
}

BOOST_AUTO_TEST_CASE(a_header_with_any_bit_turned_is_refused) {
  Bytes bytes = encoded(some_data());
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    Bytes turned = bytes;
    turned[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
    auto got = wire::decode(turned);
    BOOST_REQUIRE_MESSAGE(!got.ok(), "bit " << bit);
    BOOST_TEST((got.error().kind == ErrorKind::corrupt));
  }
}

BOOST_AUTO_TEST_CASE(headers_that_contradict_themselves_are_refused_though_their_checksum_fits) {
  Bytes data = encoded(some_data());
  BOOST_TEST(decoded(data, 4, 9).ok());
  for (auto [at, value] : {std::pair<std::size_t, int>{0, 0}, {1, 1}, {1, 2}, {1, 4}, {2, 0}, {2, 6}, {2, 7}, {2, 255}, {3, 2}, {3, 16},
                           {32, 1}, {33, 0}, {34, 255}, {37, 0}, {13, 0}, {14, 3}, {13, 17}, {50, 0}}) {
    BOOST_TEST(!decoded(data, at, static_cast<std::uint8_t>(value)).ok(), "byte " << at << " as " << value);
  }
  Header mark;
  mark.kind = FrameKind::barrier;
  for (std::size_t at : {3, 12, 32, 36, 40, 44})
    BOOST_TEST(!decoded(encoded(mark), at, 1).ok());
  Header credit;
  credit.kind = FrameKind::credit;
  for (std::size_t at : {3, 12, 40, 44})
    BOOST_TEST(!decoded(encoded(credit), at, 1).ok());
  Header sign;
  sign.kind = FrameKind::sign;
  BOOST_TEST(decoded(encoded(sign), 0, 0x1e).ok());
  for (std::size_t at : {3, 4, 8, 12, 16, 24, 32, 36, 40, 44})
    BOOST_TEST(!decoded(encoded(sign), at, 1).ok(), "byte " << at);
}

BOOST_AUTO_TEST_CASE(another_version_is_named) {
  auto got = decoded(encoded(some_data()), 1, 7);
  BOOST_REQUIRE(!got.ok());
  BOOST_TEST(got.error().sentence.find("version 7") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_origin_comes_back_or_is_not_known) {
  Trace trace{2, 1234, {}};
  Trace back = wire::trace_of(wire::origin_of(trace));
  BOOST_TEST(back.source == 2u);
  BOOST_TEST(back.number == 1234u);
  BOOST_TEST((back.due == std::chrono::steady_clock::time_point::max()));
  for (Trace none : {Trace{}, Trace{0xffff, 1, {}}, Trace{0, std::uint64_t{1} << 48, {}}}) {
    BOOST_TEST(wire::origin_of(none) == 0u);
  }
  BOOST_TEST(wire::trace_of(0).source == Trace::kNoSource);
}

BOOST_AUTO_TEST_CASE(slices_are_equal_but_for_the_last) {
  std::size_t total = 3 * wire::kSlice + 8;
  BOOST_TEST(wire::slice_at(0, total) == wire::kSlice);
  BOOST_TEST(wire::slice_at(2 * wire::kSlice, total) == wire::kSlice);
  BOOST_TEST(wire::slice_at(3 * wire::kSlice, total) == 8u);
  BOOST_TEST(wire::slice_at(0, wire::kSlice) == wire::kSlice);
}

BOOST_AUTO_TEST_SUITE_END()
