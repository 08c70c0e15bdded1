/// Columns that are wanted: what is read of a stream's Tables. Descriptions go down a graph, this goes up.
///
///   auto wanted = leat::ColumnNames::of({"speed"});
///   wanted.add(leat::ColumnNames::of({"mass"}));
///   wanted.has("mass")
///
/// Threads: plain values.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace leat {

/// All columns, whatever they are called, or those with these names.
class ColumnNames {
 public:
  static ColumnNames all() { return ColumnNames(); }
  static ColumnNames of(const std::vector<std::string>& names) {
    ColumnNames some;
    some.all_ = false;
    some.names_.insert(names.begin(), names.end());
    return some;
  }

  bool are_all() const { return all_; }
  bool has(const std::string& name) const { return all_ || names_.count(name) > 0; }
  /// Empty when they are all.
  const std::set<std::string>& names() const { return names_; }

  /// These and others.
  void add(const ColumnNames& others) {
    all_ = all_ || others.all_;
    names_.insert(others.names_.begin(), others.names_.end());
    if (all_) names_.clear();
  }
  /// These without one: a column that the stage above cannot give. All stay all.
  void remove(const std::string& name) { names_.erase(name); }

  friend bool operator==(const ColumnNames&, const ColumnNames&) = default;

 private:
  bool all_ = true;
  std::set<std::string> names_;
};

}  // namespace leat
