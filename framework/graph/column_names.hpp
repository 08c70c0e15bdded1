/// Columns that are wanted of a stream's Tables, and what for. Descriptions go down a graph, this goes up.
///
///   auto wanted = leat::ColumnNames::of({"speed"});
///   wanted.add(leat::ColumnNames::carried());
///   wanted.has("mass"), wanted.reads("mass")             // true, false
///
/// A column is read when its values count, and carried when it is only to be written as its file has it:
/// both, one or neither. One that is changed on the way is not carried. Threads: plain values.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace leat {

/// All columns, whatever they are called, or those with these names.
class ColumnNames {
 public:
  /// All, read.
  static ColumnNames all() { return ColumnNames(Use{.read = true}); }
  /// All, carried.
  static ColumnNames carried() { return ColumnNames(Use{.carried = true}); }
  /// These, read.
  static ColumnNames of(const std::vector<std::string>& names) { return ColumnNames(names, {.read = true}); }
  /// All, read and perhaps changed: nobody can have them as their file has them.
  static ColumnNames all_changed() { return ColumnNames(Use{.read = true, .changed = true}); }
  /// These, read and changed.
  static ColumnNames changed(const std::vector<std::string>& names) {
    return ColumnNames(names, {.read = true, .changed = true});
  }
  ColumnNames() : ColumnNames(Use{.read = true}) {}

  /// Whether all are read and none is carried.
  bool are_all() const {
    return all_.reads() && !all_.carries() &&
           std::none_of(names_.begin(), names_.end(), [&](const auto& each) { return carries(each.first); });
  }
  /// Read, carried or both.
  bool has(const std::string& name) const { return reads(name) || carries(name); }
  bool reads(const std::string& name) const { return use(name).reads(); }
  bool carries(const std::string& name) const { return use(name).carries(); }

  /// These and others.
  void add(const ColumnNames& others) {
    all_.add(others.all_);
    for (const auto& [name, use] : others.names_) names_[name].add(use);
    std::erase_if(names_, [&](const auto& each) { return all_.has(each.second); });
  }
  /// Under a name, what `others` has under another one: of a column that is renamed.
  void add(const ColumnNames& others, const std::string& theirs, const std::string& name) {
    names_[name].add(others.use(theirs));
    std::erase_if(names_, [&](const auto& each) { return all_.has(each.second); });
  }
  /// These without one: a column that the stage above cannot give. All stay all.
  void remove(const std::string& name) { names_.erase(name); }
  /// Of these those with one of the names.
  ColumnNames among(const std::vector<std::string>& names) const {
    ColumnNames some{Use{}};
    for (const std::string& name : names) {
      if (has(name)) some.names_[name] = use(name);
    }
    return some;
  }

  friend bool operator==(const ColumnNames&, const ColumnNames&) = default;

 private:
  struct Use {
    bool read = false;
    bool carried = false;
    bool changed = false;

    bool reads() const { return read || (carried && changed); }
    bool carries() const { return carried && !changed; }
    bool has(const Use& other) const {
      return (read || !other.read) && (carried || !other.carried) && (changed || !other.changed);
    }
    void add(const Use& other) {
      read = read || other.read;
      carried = carried || other.carried;
      changed = changed || other.changed;
    }
    friend bool operator==(const Use&, const Use&) = default;
  };

  explicit ColumnNames(Use use) : all_(use) {}
  ColumnNames(const std::vector<std::string>& names, Use use) {
    all_ = {};
    for (const std::string& name : names) names_[name] = use;
  }
  Use use(const std::string& name) const {
    Use use = all_;
    if (auto named = names_.find(name); named != names_.end()) use.add(named->second);
    return use;
  }

  Use all_;                           // of any column
  std::map<std::string, Use> names_;  // and besides of these
};

}  // namespace leat
