#include <csignal>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <leat/actors/output/staged_file.hpp>

#include "support/folder.hpp"
#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;

BOOST_AUTO_TEST_SUITE(staged_file)

BOOST_AUTO_TEST_CASE(a_file_appears_whole_and_only_when_committed) {
  Folder folder;
  auto file = StagedFile::open(folder / "out");
  BOOST_REQUIRE_MESSAGE(file.ok(), sentence(file));
  BOOST_TEST(file->write(std::string_view("one")).ok());
  OutputName name{"job", 0, 1, 0, true};
  BOOST_TEST(says(sentence(StagedFile::commit(folder / "out", name)), {"out", "is gone"}));
  BOOST_TEST(file->seal(name).ok());
  BOOST_TEST(!std::filesystem::exists(folder / "out"));
  BOOST_TEST(StagedFile::commit(folder / "out", name).ok());
  BOOST_TEST(StagedFile::commit(folder / "out", name).ok());
  BOOST_TEST(text_of(folder / "out") == "one");
  BOOST_TEST(folder.files() == 1u);
}

BOOST_AUTO_TEST_CASE(what_was_there_is_replaced_in_one_step_or_stays) {
  Folder folder;
  write_text(folder / "out", "old");
  {
    auto dropped = StagedFile::open(folder / "out");
    BOOST_TEST(dropped->write(std::string_view("half")).ok());
  }
  BOOST_TEST(text_of(folder / "out") == "old");
  BOOST_TEST(folder.files() == 1u);
  auto file = StagedFile::open(folder / "out");
  BOOST_TEST(file->write(std::string_view("new")).ok());
  StagedFile moved = std::move(*file);
  BOOST_TEST(moved.publish().ok());
  BOOST_TEST(text_of(folder / "out") == "new");
  BOOST_TEST(folder.files() == 1u);
}

BOOST_AUTO_TEST_CASE(a_sealed_file_that_is_lost_is_not_taken_for_what_was_there_before) {
  Folder folder;
  OutputName earlier{"earlier", 0, 1, 0, true};
  OutputName name{"job", 0, 1, 0, true};
  for (const OutputName* each : {&earlier, &name}) {
    auto file = StagedFile::open(folder / "out");
    BOOST_REQUIRE(file->write(each->job).ok());
    BOOST_REQUIRE(file->seal(*each).ok());
    if (each == &earlier) BOOST_REQUIRE(StagedFile::commit(folder / "out", *each).ok());
  }
  std::filesystem::rename(folder / (".out.leat-" + name.text()), folder / "elsewhere");
  BOOST_TEST(says(sentence(StagedFile::commit(folder / "out", name)), {"out", "is gone; run again"}));
  BOOST_TEST(text_of(folder / "out") == "earlier");
  BOOST_TEST(StagedFile::commit(folder / "out", earlier).ok());
}

BOOST_AUTO_TEST_CASE(the_mode_is_that_of_any_new_file) {
  Folder folder;
  mode_t before = ::umask(0027);
  auto file = StagedFile::open(folder / "out");
  ::umask(before);
  BOOST_TEST(file->publish().ok());
  struct stat there;
  BOOST_TEST(::stat((folder / "out").c_str(), &there) == 0);
  BOOST_TEST((there.st_mode & 0777) == 0640u);
}

BOOST_AUTO_TEST_CASE(a_killed_process_leaves_nothing_behind) {
  Folder folder;
  pid_t child = ::fork();
  if (child == 0) {
    auto file = StagedFile::open(folder / "out");
    if (file) (void)file->write(std::string_view("half"));
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  BOOST_TEST(WIFSIGNALED(status));
  BOOST_TEST(folder.files() == 0u);
}

BOOST_AUTO_TEST_CASE(a_link_is_followed) {
  Folder folder;
  write_text(folder / "real", "old");
  std::filesystem::create_symlink(folder / "real", folder / "link");
  auto file = StagedFile::open(folder / "link");
  BOOST_TEST(file->write(std::string_view("new")).ok());
  BOOST_TEST(file->publish().ok());
  BOOST_TEST(std::filesystem::is_symlink(folder / "link"));
  BOOST_TEST(text_of(folder / "real") == "new");
}

BOOST_AUTO_TEST_CASE(paths_that_cannot_be_written_are_refused_at_once) {
  Folder folder;
  auto said = [](const std::string& path) { return sentence(StagedFile::open(path)); };
  BOOST_TEST(says(said(folder.path()), {folder.path().c_str(), "folder"}));
  BOOST_TEST(says(said(folder / "none/out"), {"none/out", "there is no folder"}));
  BOOST_TEST(says(said(""), {"give the path of a file"}));
  BOOST_TEST(says(said(folder / std::string(256, 'n')), {"File name too long"}));
  write_text(folder / "file", "");
  BOOST_TEST(says(said(folder / "file/out"), {"file/out", "Not a directory"}));
  if (::geteuid() == 0) {
    BOOST_TEST_MESSAGE("skipped: root may write into any folder");
    return;
  }
  ::chmod(folder.path().c_str(), 0500);
  BOOST_TEST(says(said(folder / "out"), {"out", "Permission denied"}));
  ::chmod(folder.path().c_str(), 0700);
}

BOOST_AUTO_TEST_CASE(a_limit_on_file_size_is_said_and_nothing_is_left) {
  Folder folder;
  rlimit before;
  ::getrlimit(RLIMIT_FSIZE, &before);
  auto handler = std::signal(SIGXFSZ, SIG_IGN);
  auto file = StagedFile::open(folder / "out");
  rlimit small = {4096, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  auto wrote = file->write(std::string(10000, 'x'));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  BOOST_TEST(says(sentence(wrote), {"out", "File too large"}));
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_said_and_nothing_is_left) {
  Folder folder;
  if (::mount("leat-test", folder.path().c_str(), "tmpfs", 0, "size=64k") != 0) {
    BOOST_TEST_MESSAGE("skipped: this process may not mount a small file system");
    return;
  }
  write_text(folder / "out", "old");
  {
    auto file = StagedFile::open(folder / "out");
    BOOST_TEST(says(sentence(file->write(std::string(200000, 'x'))), {"out", "disk is full"}));
  }
  BOOST_TEST(text_of(folder / "out") == "old");
  BOOST_TEST(folder.files() == 1u);
  BOOST_TEST(::umount(folder.path().c_str()) == 0);
}

BOOST_AUTO_TEST_CASE(a_folder_that_takes_no_files_is_not_said_to_be_missing) {
  std::string said = sentence(StagedFile::open("/proc/x"));
  BOOST_TEST(says(said, {"/proc/x", "no file can be made in the folder /proc"}));
}

BOOST_AUTO_TEST_CASE(what_a_process_that_is_gone_left_is_removed_and_what_one_holds_is_not) {
  Folder folder;
  write_text(folder / ".out.leat-1-0123", "left");
  write_text(folder / ".out.leat-2-4567", "held");
  write_text(folder / ".other.leat-1-0123", "another's");
  int held = ::open((folder / ".out.leat-2-4567").c_str(), O_RDONLY);
  BOOST_REQUIRE(::flock(held, LOCK_EX) == 0);
  auto file = StagedFile::open(folder / "out");
  BOOST_TEST(file.ok());
  BOOST_TEST(!std::filesystem::exists(folder / ".out.leat-1-0123"));
  BOOST_TEST(std::filesystem::exists(folder / ".out.leat-2-4567"));
  BOOST_TEST(std::filesystem::exists(folder / ".other.leat-1-0123"));
  ::close(held);
}

BOOST_AUTO_TEST_CASE(what_was_sealed_outlives_its_writer_until_another_begins_the_file_anew) {
  Folder folder;
  OutputName name{"job", 2, 7, 0, true};
  auto seal = [&] {
    auto file = StagedFile::open(folder / "out");
    BOOST_TEST(file->write(std::string_view("sealed")).ok());
    BOOST_TEST(file->seal(name).ok());
  };
  seal();
  BOOST_TEST(folder.files() == 1u);
  BOOST_TEST(StagedFile::abort(folder / "out", name).ok());
  BOOST_TEST(StagedFile::abort(folder / "out", name).ok());
  BOOST_TEST(folder.files() == 0u);
  seal();
  BOOST_TEST(StagedFile::open(folder / "out").ok());
  BOOST_TEST(folder.files() == 0u);
}

BOOST_AUTO_TEST_CASE(the_longest_name_there_can_be_is_replaced_too) {
  Folder folder;
  std::string name(255, 'n');
  for (const char* content : {"one", "two"}) {
    auto file = StagedFile::open(folder / name);
    BOOST_REQUIRE_MESSAGE(file.ok(), sentence(file));
    BOOST_TEST(file->write(std::string_view(content)).ok());
    BOOST_TEST(file->publish().ok());
    BOOST_TEST(text_of(folder / name) == content);
    BOOST_TEST(folder.files() == 1u);
  }
}

BOOST_AUTO_TEST_CASE(names_that_begin_alike_are_not_taken_for_each_other) {
  Folder folder;
  OutputName name{"job", 0, 1, 0, true};
  std::string start(220, 'n');
  std::vector<StagedFile> files;
  for (const char* rest : {"one", "two"}) {
    auto file = StagedFile::open(folder / (start + rest));
    BOOST_REQUIRE_MESSAGE(file.ok(), sentence(file));
    BOOST_TEST(file->write(std::string_view(rest)).ok());
    files.push_back(std::move(*file));
  }
  for (StagedFile& file : files) BOOST_TEST(sentence(file.seal(name)) == "");
  for (const char* rest : {"one", "two"}) {
    BOOST_TEST(StagedFile::commit(folder / (start + rest), name).ok());
    BOOST_TEST(text_of(folder / (start + rest)) == rest);
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_is_replaced_keeps_its_mode) {
  Folder folder;
  write_text(folder / "out", "old");
  BOOST_REQUIRE(::chmod((folder / "out").c_str(), 0604) == 0);
  auto file = StagedFile::open(folder / "out");
  BOOST_TEST(file->write(std::string_view("new")).ok());
  BOOST_TEST(file->publish().ok());
  struct stat there;
  BOOST_TEST(::stat((folder / "out").c_str(), &there) == 0);
  BOOST_TEST((there.st_mode & 0777) == 0604u);
  BOOST_TEST(text_of(folder / "out") == "new");
}

BOOST_AUTO_TEST_CASE(pipes_and_descriptors_are_written_through_and_stay_what_they_are) {
  Folder folder;
  OutputName name{"job", 0, 1, 0, true};
  std::string pipe = folder / "pipe";
  BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  int reads = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  int writes = ::open((folder / "file").c_str(), O_CREAT | O_RDWR, 0600);
  BOOST_REQUIRE((reads >= 0 && writes >= 0));
  BOOST_TEST(::write(writes, "before ", 7) == 7);
  for (const std::string& path : {pipe, "/proc/self/fd/" + std::to_string(writes), std::string("/dev/null")}) {
    BOOST_TEST(StagedFile::written_through(path));
    auto file = StagedFile::open(path);
    BOOST_REQUIRE_MESSAGE(file.ok(), sentence(file));
    BOOST_TEST(file->write(std::string_view("all")).ok());
    BOOST_TEST(file->seal(name).ok());
    BOOST_TEST(StagedFile::commit(path, name).ok());
    BOOST_TEST(StagedFile::abort(path, name).ok());
  }
  char came[8] = {};
  BOOST_TEST(::read(reads, came, sizeof came) == 3);
  BOOST_TEST(std::string(came) == "all");
  BOOST_TEST(text_of(folder / "file") == "before all");
  BOOST_TEST(std::filesystem::is_fifo(pipe));
  BOOST_TEST(folder.files() == 2u);
  BOOST_TEST(!StagedFile::written_through(folder / "file"));
  ::close(reads);
  ::close(writes);
}

BOOST_AUTO_TEST_SUITE_END()
