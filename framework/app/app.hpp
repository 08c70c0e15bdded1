/// The command line of every leat program.
///
///   PROGRAM run  [GRAPH] [--PARAM VALUE ...] [--threads N] [--memory SIZE] [--json | --quiet]
///   PROGRAM plan [GRAPH] [--PARAM VALUE ...] [--threads N | --nodes SPEC] [--format text|dot|json]
///   PROGRAM run  [GRAPH] [--PARAM VALUE ...] --cluster HOST:PORT | --listen HOST:PORT  [--nodes N]
///   PROGRAM node --join HOST:PORT    PROGRAM coordinator [--listen HOST:PORT]
///   PROGRAM status|drain NODE --cluster HOST:PORT
///   PROGRAM jobs|describe|top|why|dump|logs|trace|cancel|drain [JOB]    what runs on this machine
///   PROGRAM certs init FOLDER|node NAME
///   PROGRAM serve [--listen HOST:PORT] ...          of a program with a service: jobs over HTTP
///
/// GRAPH is by default the program's first; `run` may be left out. Exit status: 0 done,
/// 1 the job failed, 2 wrong usage or a graph that cannot run, 130 interrupted.
#pragma once

#include <leat/app/service.hpp>
#include <leat/graph/args.hpp>

#include <string>
#include <vector>

namespace leat {

/// Runs a program that carries these graphs. Returns what main returns. Takes over SIGINT and SIGTERM:
/// once, sources stop, what is in flight finishes, nothing is committed; twice, the process ends.
int app(int argc, char** argv, std::vector<Program> programs);

/// The same of one that can `serve`, too, such as by a JobService (gateway/job_service.hpp).
int app(int argc, char** argv, std::vector<Program> programs, Service& service);

/// The same for one graph without parameters, named after the program.
int app(int argc, char** argv, Graph (*build)(const Args&));

}  // namespace leat
