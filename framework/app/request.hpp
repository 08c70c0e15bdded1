/// What a user asks for on the command line.
#pragma once

#include <leat/graph/args.hpp>
#include <leat/app/service.hpp>
#include <leat/net/endpoint.hpp>
#include <leat/net/http_client.hpp>
#include <leat/runtime/run.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace leat {

/// Where the coordinator is and what proves who we are to it: of every command that meets one.
struct CoordinatorAccess {
  std::optional<Endpoint> cluster;  ///< --cluster or --join: a coordinator that is there
  std::optional<Endpoint> listen;   ///< --listen: be the coordinator
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::filesystem::path authority;
};

/// Where a service is, and what proves who we are to it: of every command that asks one.
struct ServiceAccess {
  std::optional<HttpPlace> at;       ///< --service; none: no service is asked
  std::filesystem::path token_file;  ///< --token; "": the token is in LEAT_TOKEN
  std::filesystem::path authority;   ///< --ca; "": whom this machine trusts
};

/// How a process of a cluster serves.
struct Serving {
  std::string name;                 ///< of the node; "": the host's name and the process's number
  std::vector<std::string> labels;
  std::size_t cpus = 0;             ///< 0: those this process may use
  std::uint64_t memory = 0;         ///< 0: no limit
  std::optional<Endpoint> data;     ///< where to take chunks
  std::optional<Endpoint> http;     ///< /livez, /readyz, /metrics
  std::filesystem::path announce;   ///< file to write the address to
  std::chrono::seconds join_within{30};
  std::string log_format = "text";  ///< text or json
};

/// What `certs` makes.
struct Certs {
  std::filesystem::path folder = ".";
  std::string name;
  std::vector<std::string> hosts;
};

/// What a running job is asked.
struct Asked {
  std::string job;              ///< its number or graph
  std::string share;            ///< of a node that has several: which
  std::string place;            ///< tap: what is looked at, a stage or FROM>TO
  std::size_t rows = 10;        ///< tap: so many
  double over = 1;              ///< seconds that are looked at
  bool once = false;
  bool follow = false;
  std::filesystem::path out;    ///< the file to write; "": standard output
};

struct Verb;

struct Request {
  const Verb* verb = nullptr;   ///< null: help is asked for
  std::string help;             ///< the text, for help
  std::size_t program = 0;      ///< index into the programs
  Args args;
  std::size_t threads = 0;
  std::uint64_t memory = 0;
  std::string format = "text";  ///< plan: text, dot or json
  std::optional<std::string> nodes;  ///< plan: the nodes to place on
  std::size_t wait_for = 0;     ///< run on a cluster: how many nodes; 0: not said
  std::string scheduling = "stealing";
  bool json = false;
  bool quiet = false;
  CoordinatorAccess access;
  ServiceAccess asked_service;
  std::optional<HttpPlace> otlp;  ///< run, node, coordinator: a collector of OpenTelemetry
  Serving serving;
  Asked asked;
  std::string shell;            ///< completion: bash, zsh or fish
  std::filesystem::path outcome;  ///< run: the file that tells how it ended; "": none
  std::filesystem::path dead_letters = "dead-letters";  ///< run, node: the folder for them
  CheckpointOptions checkpoints;
  CoordinatorAccess cluster_of_service;  ///< serve: the files that prove who its jobs are to their cluster
  std::filesystem::path letters;  ///< of dead letters: the file, or the folder
  std::size_t letter = 0;         ///< letter: its number in the file
  Certs certs;
  ServiceOptions service;
};

}  // namespace leat
