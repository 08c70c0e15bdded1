/// Completions of a program's command line for shells, and its man page. Pure: commands in, text out.
#pragma once

#include <leat/app/command_text.hpp>

#include <string>
#include <vector>

namespace leat {

/// Scripts that a shell reads: they need nothing but the shell.
std::string bash_completion(const std::string& program, const std::vector<CommandText>& commands);
std::string zsh_completion(const std::string& program, const std::vector<CommandText>& commands);
std::string fish_completion(const std::string& program, const std::vector<CommandText>& commands);

/// The page that `man` shows, in section 1.
std::string man_page(const std::string& program, const std::vector<CommandText>& commands);

}  // namespace leat
