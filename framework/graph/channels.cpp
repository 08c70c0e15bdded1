#include <leat/graph/placement.hpp>

namespace leat {
namespace {

class Numbering {
 public:
  Numbering(const Checked& checked, const Layout& layout, const Placement& placement)
      : checked_(checked), layout_(layout), placement_(placement) {}

  std::vector<ChannelPlan> run() {
    for (std::size_t index = 0; index < layout_.links.size(); ++index) add_link(index);
    for (CellId cell = 0; cell < layout_.cells.size(); ++cell) add_feeder(cell);
    return std::move(channels_);
  }

 private:
  void add(ChannelPlan channel) {
    channel.id = static_cast<std::uint32_t>(channels_.size());
    channel.compress = channel.crosses() && checked_.graph.edges()[channel.edge].dispatch.compress;
    channels_.push_back(channel);
  }

  void add_link(std::size_t index) {
    const LinkPlan& link = layout_.links[index];
    for (std::size_t from = 0; from < layout_.cells[link.from].replicas; ++from) {
      for (std::size_t to = 0; to < layout_.cells[link.to].replicas; ++to) {
        if (link.rule == Dispatch::Rule::forward && from != to) continue;
        ChannelPlan channel;
        channel.link = index;
        channel.edge = link.edge;
        channel.from = {link.from, from};
        channel.to = {link.to, to};
        channel.from_node = placement_.node_of[link.from][from];
        channel.to_node = placement_.node_of[link.to][to];
        channel.window = link.window;
        add(channel);
      }
    }
  }

  void add_feeder(CellId cell) {
    const auto& members = layout_.cells[cell].stages;
    const auto& edges = checked_.graph.edges();
    if (!checked_.graph.stages()[members.front()].kind.source) return;
    for (std::size_t to = 0; to < layout_.cells[cell].replicas; ++to) {
      if (placement_.node_of[cell][to] == placement_.source_node[cell]) continue;
      ChannelPlan channel;
      channel.link = kFeeder;
      while (edges[channel.edge].from != members.front()) ++channel.edge;
      channel.from = {cell, 0};
      channel.to = {cell, to};
      channel.from_node = placement_.source_node[cell];
      channel.to_node = placement_.node_of[cell][to];
      channel.window = feeding_window(checked_, edges[channel.edge], layout_.cells[cell]);
      channel.feeds = true;
      add(channel);
    }
  }

  const Checked& checked_;
  const Layout& layout_;
  const Placement& placement_;
  std::vector<ChannelPlan> channels_;
};

template <class F>
Crossing crossing(const Placement& placement, F is_of_it) {
  Crossing found;
  for (const ChannelPlan& channel : placement.channels) {
    if (!channel.crosses() || !is_of_it(channel)) continue;
    ++found.channels;
    found.ways.emplace(channel.from_node, channel.to_node);
  }
  return found;
}

}  // namespace

std::vector<ChannelPlan> channels_of(const Checked& checked, const Layout& layout,
                                     const Placement& placement) {
  return Numbering(checked, layout, placement).run();
}

Crossing crossing_of_link(const Placement& placement, std::size_t link) {
  return crossing(placement, [&](const ChannelPlan& channel) { return channel.link == link; });
}

Crossing crossing_of_feeder(const Placement& placement, CellId cell) {
  return crossing(placement,
                  [&](const ChannelPlan& channel) { return channel.feeds && channel.to.cell == cell; });
}

}  // namespace leat
