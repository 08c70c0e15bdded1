/// Columns that are wanted of a stream's Tables, and what for. Descriptions go down a graph, this goes up.
///
///   auto wanted = leat::ColumnNames::of({"speed"});
///   wanted.add(leat::ColumnNames::carried());
///   wanted.has("mass"), wanted.reads("mass")             // true, false
///
/// A column is read when its values count, and carried when it is only to be written as its file has it:
/// both, one or neither. One that is changed on the way is not carried, by whoever is below the change: others carry
/// it all the same. Threads: plain values.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
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

  /// Whether the column is changed by who says so; nothing of it is left in settled().
  bool changes(const std::string& name) const { return use(name).changed; }

  /// What is wanted above who changes some of them: what it changes is read, not carried.
  ColumnNames settled() const {
    ColumnNames out(Use{.read = all_.reads(), .carried = all_.carries()});
    for (const auto& [name, ignored] : names_) {
      Use here = use(name);
      Use left{.read = here.reads(), .carried = here.carries()};
      left.alone = !left.has(out.all_);
      if (left.alone || !out.all_.has(left)) out.names_[name] = left;
    }
    return out;
  }

  /// These and others.
  void add(const ColumnNames& others) {
    std::map<std::string, Use> alone;
    for (const auto* names : {&std::as_const(names_), &others.names_}) {
      for (const auto& [name, ignored] : *names) {
        if (!is_alone(name) && !others.is_alone(name)) continue;
        Use both = use(name);
        both.add(others.use(name));
        both.alone = true;
        alone[name] = both;
      }
    }
    all_.add(others.all_);
    for (const auto& [name, use] : others.names_) names_[name].add(use);
    for (const auto& [name, use] : alone) names_[name] = use;
    drop_named();
  }
  /// Under a name, what `others` has under another one: of a column that is renamed.
  void add(const ColumnNames& others, const std::string& theirs, const std::string& name) {
    Use added = others.use(theirs);
    added.alone = false;
    names_[name].add(added);
    drop_named();
  }
  /// These without one: a column that the stage above cannot give. All stay all.
  void remove(const std::string& name) { names_.erase(name); }
  /// Of these those with one of the names.
  ColumnNames among(const std::vector<std::string>& names) const {
    ColumnNames some{Use{}};
    for (const std::string& name : names) {
      if (!has(name)) continue;
      some.names_[name] = use(name);
      some.names_[name].alone = false;
    }
    return some;
  }

  friend bool operator==(const ColumnNames&, const ColumnNames&) = default;

 private:
  struct Use {
    bool read = false;
    bool carried = false;
    bool changed = false;
    bool alone = false;  // this is all; what all have does not count

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
    auto named = names_.find(name);
    if (named == names_.end()) return use;
    if (named->second.alone) return named->second;
    use.add(named->second);
    return use;
  }
  bool is_alone(const std::string& name) const {
    auto named = names_.find(name);
    return named != names_.end() && named->second.alone;
  }
  // Those of which nothing is said that is not said of all.
  void drop_named() {
    std::erase_if(names_, [&](const auto& each) {
      return all_.has(each.second) && (!each.second.alone || each.second.has(all_));
    });
  }

  Use all_;                           // of any column
  std::map<std::string, Use> names_;  // and besides of these, or, of those alone, instead
};

}  // namespace leat
