#include <boost/test/unit_test.hpp>

#include <leat/gateway/tus.hpp>
#include <leat/gateway/uploads.hpp>

#include <filesystem>
#include <fstream>

#include "support/folder.hpp"

using namespace leat;
namespace fs = std::filesystem;

namespace {

struct Brought {
  leat::tests::Folder folder;
  std::unique_ptr<Uploads> uploads;
  Brought() { open(); }

  void open() {
    uploads.reset();
    auto opened = Uploads::open(folder / "uploads", Log());
    BOOST_REQUIRE_MESSAGE(opened, (opened ? "" : opened.error().sentence));
    uploads = std::move(*opened);
  }
  std::string begun(std::uint64_t length) {
    auto upload = uploads->create(length, "a\nfile", "anna");
    BOOST_REQUIRE(upload);
    return upload->id;
  }
  std::unique_ptr<UploadPart> part(const std::string& id, std::uint64_t offset, std::optional<Checksum> checksum = {}) {
    auto made = uploads->part(id, offset, std::move(checksum));
    BOOST_REQUIRE_MESSAGE(made, (made ? "" : made.error().sentence));
    return std::move(*made);
  }
  std::string content(const std::string& id) { return leat::tests::text_of(uploads->file_of(id).string()); }
};

// echo -n abc | sha1sum
const Checksum kOfAbc{Digest::Algorithm::sha1, std::string("\xa9\x99\x3e\x36\x47\x06\x81\x6a\xba\x3e\x25\x71\x78\x50\xc2\x6c\x9c\xd0\xd8\x9d", 20)};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(uploads, Brought)

BOOST_AUTO_TEST_CASE(parts_go_on_where_the_last_one_ended_also_for_the_next_service) {
  std::string id = begun(6);
  {
    auto first = part(id, 0);
    BOOST_REQUIRE(first->write("ab"));
  }
  BOOST_TEST(uploads->find(id)->offset == 2u);
  open();
  auto upload = uploads->find(id);
  BOOST_TEST((upload->offset == 2 && upload->length == 6 && upload->tenant == "anna" && upload->name == "a\\nfile" && !upload->complete()));
  BOOST_TEST(!uploads->part(id, 3, {}).ok());
  {
    auto rest = part(id, 2);
    BOOST_TEST((uploads->part(id, 2, {}).error().kind == ErrorKind::overloaded));
    BOOST_TEST((uploads->remove(id).error().kind == ErrorKind::overloaded));
    BOOST_REQUIRE(rest->write("cdef"));
    BOOST_TEST(!rest->write("g").ok());
    BOOST_TEST(*rest->finish() == 6u);
  }
  BOOST_TEST(uploads->find(id)->complete());
  BOOST_TEST(content(id) == "abcdef");
  BOOST_REQUIRE(uploads->remove(id));
  BOOST_TEST(!uploads->find(id));
  BOOST_TEST(fs::is_empty(folder / "uploads"));
}

BOOST_AUTO_TEST_CASE(a_part_with_a_checksum_is_there_wholly_or_not_at_all) {
  std::string id = begun(5);
  {
    auto wrong = part(id, 0, kOfAbc);
    BOOST_REQUIRE(wrong->write("abd"));
    BOOST_TEST((wrong->finish().error().kind == ErrorKind::corrupt));
  }
  BOOST_TEST(uploads->find(id)->offset == 0u);
  { auto cut = part(id, 0, kOfAbc); BOOST_REQUIRE(cut->write("ab")); }
  BOOST_TEST((uploads->find(id)->offset == 0 && content(id).empty()));
  {
    auto right = part(id, 0, kOfAbc);
    BOOST_REQUIRE((right->write("ab") && right->write("c")));
    BOOST_TEST(*right->finish() == 3u);
  }
  BOOST_TEST(uploads->find(id)->offset == 3u);
  // A service that was killed in the middle of a part leaves its bytes, and where it began.
  std::ofstream(uploads->file_of(id), std::ios::app) << "zz";
  std::ofstream(folder / ("uploads/" + id + ".data.unchecked")) << "3";
  open();
  BOOST_TEST((uploads->find(id)->offset == 3 && content(id) == "abc"));
  open();
  BOOST_TEST(uploads->find(id)->offset == 3u);
}

BOOST_AUTO_TEST_CASE(what_nobody_goes_on_with_is_forgotten) {
  std::string id = begun(5), empty = begun(0);
  uploads->forget_before(now_utc() - std::chrono::hours(1), now_utc() - std::chrono::hours(2));
  BOOST_TEST((uploads->find(id) && uploads->find(empty)));
  uploads->forget_before(now_utc() + std::chrono::hours(1), now_utc() - std::chrono::hours(2));
  BOOST_TEST((!uploads->find(id) && uploads->find(empty)));
  uploads->forget_before(now_utc(), now_utc() + std::chrono::hours(1));
  BOOST_TEST(!uploads->find(empty));
}

BOOST_AUTO_TEST_CASE(what_is_damaged_is_passed_over_and_the_rest_is_there) {
  std::string id = begun(5);
  std::ofstream(folder / "uploads/a.json") << "{\"name\":5}";
  std::ofstream(folder / "uploads/b.json") << "{";
  std::ofstream(folder / "uploads/c.json") << R"({"name":"","tenant":"","length":5,"begun":1})";
  open();
  BOOST_TEST((uploads->find(id) && uploads->list().size() == 1));
}

BOOST_AUTO_TEST_CASE(what_the_disk_cannot_hold_is_refused_before_it_comes) {
  auto refused = uploads->create(std::uint64_t{1} << 60, "", "anna");
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST((refused.error().kind == ErrorKind::overloaded));
  BOOST_TEST(fs::is_empty(folder / "uploads"));
}

BOOST_AUTO_TEST_CASE(fields_of_the_protocol_are_read) {
  BOOST_TEST(upload_metadata("filename d29ybGQ=,other", "filename") == "world");
  BOOST_TEST(upload_metadata("other, filename d29ybGQ=", "filename") == "world");
  for (const char* field : {"", "filename", "filename ", "filename =", "filename ====", "filename a", "xfilename d29ybGQ=", ",,,"}) {
    BOOST_TEST(upload_metadata(field, "filename") == "", field);
  }
  auto checksum = upload_checksum("sha1 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=");
  BOOST_REQUIRE(checksum);
  BOOST_TEST(checksum->digest == kOfAbc.digest);
  for (const char* field : {"", "sha1", "sha1 ", "sha1 AA==", "md5 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=", "sha256 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=", "sha1 !!!!"}) {
    BOOST_TEST(!upload_checksum(field).ok(), field);
  }
}

BOOST_AUTO_TEST_SUITE_END()
