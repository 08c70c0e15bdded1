#include <leat/graph/feeders.hpp>

#include <algorithm>

namespace leat {
namespace {

class Numbering {
 public:
  Numbering(const Checked& checked, const Layout& layout, const Placement& placement)
      : checked_(checked), layout_(layout), placement_(placement) {}

  std::vector<ChannelPlan> run() {
    for (std::size_t index = 0; index < layout_.links.size(); ++index) add_link(index);
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
        if (!joins(layout_, placement_, link, from, to)) continue;
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

  const Checked& checked_;
  const Layout& layout_;
  const Placement& placement_;
  std::vector<ChannelPlan> channels_;
};

}  // namespace

std::vector<ChannelPlan> channels_of(const Checked& checked, const Layout& layout,
                                     const Placement& placement) {
  return Numbering(checked, layout, placement).run();
}

std::size_t channels_of_link(const Layout& layout, const Placement& placement, std::size_t link) {
  if (placement.nodes.empty()) return layout.channels(layout.links[link]);
  return static_cast<std::size_t>(std::count_if(placement.channels.begin(), placement.channels.end(),
                                                [&](const ChannelPlan& channel) { return channel.link == link; }));
}

Crossing crossing_of_link(const Placement& placement, std::size_t link) {
  Crossing found;
  for (const ChannelPlan& channel : placement.channels) {
    if (!channel.crosses() || channel.link != link) continue;
    ++found.channels;
    found.ways.emplace(channel.from_node, channel.to_node);
  }
  return found;
}

}  // namespace leat
