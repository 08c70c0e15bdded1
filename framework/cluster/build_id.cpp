#include <leat/cluster/cluster.hpp>

#include <leat/graph/fingerprint.hpp>

#include <elf.h>
#include <link.h>

#include <cstring>
#include <fstream>
#include <sstream>

namespace leat {
namespace {

std::string hexadecimal(const unsigned char* bytes, std::size_t count) {
  constexpr const char* digits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += digits[bytes[i] >> 4];
    text += digits[bytes[i] & 15];
  }
  return text;
}

std::size_t padded(std::size_t bytes) { return (bytes + 3) / 4 * 4; }

// The build id among the notes of one segment, "" where there is none.
std::string among(const char* notes, std::size_t size) {
  while (size >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) note;
    std::memcpy(&note, notes, sizeof note);
    std::size_t whole = sizeof note + padded(note.n_namesz) + padded(note.n_descsz);
    if (whole > size) return "";
    const char* name = notes + sizeof note;
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && std::memcmp(name, "GNU", 4) == 0) {
      auto* id = reinterpret_cast<const unsigned char*>(name + padded(note.n_namesz));
      return hexadecimal(id, note.n_descsz);
    }
    notes += whole;
    size -= whole;
  }
  return "";
}

// The first object is the executable itself.
int of_first(dl_phdr_info* object, std::size_t, void* out) {
  auto& id = *static_cast<std::string*>(out);
  for (int i = 0; i < object->dlpi_phnum && id.empty(); ++i) {
    const auto& header = object->dlpi_phdr[i];
    if (header.p_type != PT_NOTE) continue;
    id = among(reinterpret_cast<const char*>(object->dlpi_addr + header.p_vaddr), header.p_memsz);
  }
  return 1;
}

}  // namespace

std::string executable_build_id() {
  std::string id;
  ::dl_iterate_phdr(of_first, &id);
  if (!id.empty()) return id;
  std::ifstream file("/proc/self/exe", std::ios::binary);
  std::ostringstream all;
  all << file.rdbuf();
  return "file-" + fingerprint({all.str()});
}

}  // namespace leat
