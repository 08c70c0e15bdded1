// What a batch lays out for the kernel is every header and every payload, in order, whatever their sizes.
#include <vector>

#include <boost/test/unit_test.hpp>

#include <leat/net/batch.hpp>
#include <leat/net/crc32c.hpp>

#include "stream_of_chunks.hpp"

using namespace leat;
using wire::Batch;
using wire::Header;

namespace {

// A chunk whose message has exactly `bytes`.
Chunk of_bytes(Pool& pool, std::uint64_t number, std::size_t bytes) {
  for (std::size_t data = bytes > 64 ? bytes - 64 : 0; data <= bytes; ++data) {
    auto chunk = testing::numbered_chunk(pool, number, data);
    if (chunk.bytes() == bytes) return chunk;
  }
  BOOST_FAIL("no chunk of " << bytes << " bytes");
  return {};
}

Header header_of(const Chunk& chunk, std::uint64_t position) {
  Header header;
  header.position = position;
  header.total = static_cast<std::uint32_t>(chunk.bytes());
  header.cost = static_cast<std::uint32_t>(chunk.footprint());
  header.last = true;
  return header;
}

std::vector<std::byte> laid_out(const Batch& batch) {
  std::vector<std::byte> out;
  for (const iovec& piece : batch.pieces()) {
    const auto* first = static_cast<const std::byte*>(piece.iov_base);
    out.insert(out.end(), first, first + piece.iov_len);
  }
  return out;
}

// Chunks of these sizes in one batch come out as frames, each with its payload and its checksum.
void carries(Pool& pool, Batch& batch, const std::vector<std::size_t>& sizes) {
  std::vector<Chunk> chunks;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    chunks.push_back(of_bytes(pool, i, sizes[i]));
    batch.add(header_of(chunks[i], i), chunks[i], 0, false);
  }
  batch.seal();
  auto bytes = laid_out(batch);
  std::span<const std::byte> left = bytes;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    BOOST_REQUIRE(left.size() >= wire::kHeader + sizes[i]);
    auto header = wire::decode(left.first<wire::kHeader>());
    BOOST_REQUIRE(header.ok());
    BOOST_TEST(header->position == i);
    BOOST_TEST(header->slice == sizes[i]);
    auto payload = left.subspan(wire::kHeader, sizes[i]);
    BOOST_TEST(header->payload_crc == wire::crc32c(payload));
    auto message = chunks[i].message();
    BOOST_TEST(std::equal(payload.begin(), payload.end(), message.begin(), message.end()), "payload " << i);
    left = left.subspan(wire::kHeader + sizes[i]);
  }
  BOOST_TEST(left.empty());
  batch.wrote(bytes.size());
  BOOST_TEST(batch.empty());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(batch)

BOOST_AUTO_TEST_CASE(slices_of_exactly_1024_bytes_fit_where_they_are_staged) {
  auto pool = Pool::make();
  for (std::size_t size : {1016, 1024, 1032}) {
    // The first batch of a connection: it has no room from an earlier one.
    Batch batch(true);
    carries(*pool, batch, std::vector<std::size_t>(120, size));
    carries(*pool, batch, {size, 1024, size, 40, size});
  }
}

BOOST_AUTO_TEST_CASE(small_and_large_take_turns) {
  auto pool = Pool::make();
  Batch batch(true);
  for (int round = 0; round < 3; ++round)
    carries(*pool, batch, {24, 4096, 1024, 100'000, 1032, 16, 1016, 131'072});
}

BOOST_AUTO_TEST_CASE(a_batch_written_byte_by_byte_says_the_same) {
  auto pool = Pool::make();
  Batch batch(true);
  std::byte first[3]{std::byte{1}, std::byte{2}, std::byte{3}};
  batch.add(std::span<const std::byte>(first));
  auto small = of_bytes(*pool, 1, 1024), large = of_bytes(*pool, 2, 5000);
  batch.add(header_of(small, 0), small, 0, false);
  batch.add(header_of(large, 1), large, 0, false);
  batch.add(Header{.kind = wire::FrameKind::sign});
  batch.seal();
  auto whole = laid_out(batch);
  BOOST_TEST(whole.size() == 3 + 3 * wire::kHeader + 1024 + 5000);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    BOOST_REQUIRE(!batch.pieces().empty());
    BOOST_REQUIRE(*static_cast<const std::byte*>(batch.pieces()[0].iov_base) == whole[at]);
    batch.wrote(1);
  }
  BOOST_TEST(batch.empty());
}

BOOST_AUTO_TEST_SUITE_END()
