/// The ways to a control plane, so that the same coordinator, nodes and submitters run over CAF, and in
/// tests without a network. cluster.hpp's functions are these over caf_transport().
#pragma once

#include <leat/cluster/cluster.hpp>
#include <leat/cluster/control_plane.hpp>

#include <functional>
#include <memory>

namespace leat {

struct Transport {
  std::function<Result<std::unique_ptr<ControlPlane>>(ControlOptions, ControlEvents)> listen;
  std::function<Result<std::unique_ptr<ControlPlane>>(ControlOptions, ControlEvents)> connect;
};

/// listen_control and connect_control.
Transport caf_transport();

Result<std::unique_ptr<Coordinator>> open_coordinator(Coordinator::Options options, const Transport& transport);
Result<std::unique_ptr<ClusterNode>> open_node(NodeOptions options, Transport transport);
Result<Report> run_on_cluster(std::size_t program, const Args& args, SubmitOptions options,
                              const Transport& transport);
Result<ClusterStatus> cluster_status(const SubmitOptions& options, const Transport& transport);
Result<void> cancel_job(const SubmitOptions& options, std::uint64_t job, std::chrono::milliseconds within,
                        const Transport& transport);
Result<void> drain_job(const SubmitOptions& options, std::uint64_t job, const Transport& transport);
Result<std::unique_ptr<NodeQuestions>> open_questions(const SubmitOptions& options, const Transport& transport);
Result<void> drain_node(const SubmitOptions& options, const std::string& node, const Transport& transport);

}  // namespace leat
