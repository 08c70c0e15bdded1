/// A folder of jobs for a test, gone after it.
#pragma once

#include <leat/inspect/inspect_server.hpp>

#include <unistd.h>

#include <filesystem>
#include <string>

struct JobsOfATest {
  std::filesystem::path root;
  std::filesystem::path folder;

  JobsOfATest() {
    std::string made = (std::filesystem::temp_directory_path() / "jobs-XXXXXX").string();
    root = ::mkdtemp(made.data());
    folder = root / "jobs";
  }
  ~JobsOfATest() { std::filesystem::remove_all(root); }

  /// A server that answers each verb with {"type": VERB, "version": 1, "note": ...}.
  std::unique_ptr<leat::inspect::InspectServer> server(const std::string& note = "") const {
    auto opened = leat::inspect::InspectServer::open(folder, [note](const leat::inspect::Question& question) -> leat::Result<std::string> {
      if (question.verb == "refuse") return leat::invalid("not that");
      if (question.verb == "throw") throw 1;
      return "{\"type\":\"" + question.verb + "\",\"version\":1,\"note\":\"" + note + "\"}";
    });
    return opened ? std::move(*opened) : nullptr;
  }
};
