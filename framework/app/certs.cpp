// certs init and certs node: a private certificate authority, and a node's certificate.
#include <leat/app/verbs.hpp>
#include <leat/net/certificates.hpp>

namespace leat {
namespace {

void add_authority(CLI::App& command, ParsedCommand& parsed) {
  command.add_option("folder", parsed.request.certs.folder, "folder to make")->required()->type_name("");
}

int make_authority_here(const VerbCall& call) {
  const Certs& certs = call.request.certs;
  auto made = make_authority(certs.folder);
  if (!made) return call.console.error(made.error(), false);
  return call.console.text("made " + (certs.folder / "authority.pem").string() + "; keep authority.key secret\n",
                         "what was made");
}

void add_certificate(CLI::App& command, ParsedCommand& parsed) {
  command.add_option("name", parsed.request.certs.name, "the node's name: its certificate is NAME.pem")
      ->required()
      ->type_name("");
  command.add_option("--in", parsed.request.certs.folder, "the authority's folder (.)")->type_name("folder");
  command.add_option("--host", parsed.request.certs.hosts, "a name or address it is reached at; may be repeated")
      ->type_name("text");
}

int make_certificate_here(const VerbCall& call) {
  const Certs& certs = call.request.certs;
  auto made = make_node_certificate(certs.folder, certs.name, certs.hosts);
  if (!made) return call.console.error(made.error(), false);
  return call.console.text("--certificate " + made->certificate.string() + " --key " + made->key.string() +
                             " --authority " + made->authority.string() + "\n",
                         "what was made");
}

}  // namespace

extern const Verb kAuthorityVerb, kCertificateVerb;
const Verb kAuthorityVerb{"certs", "init", "make a private certificate authority", false, add_authority, make_authority_here};
const Verb kCertificateVerb{"certs", "node", "make a node's certificate", false, add_certificate, make_certificate_here};

}  // namespace leat
