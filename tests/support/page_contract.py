"""An import contract of import-linter for folders that are found, not listed."""

from grimp import ImportGraph
from importlinter.contracts.independence import IndependenceContract
from importlinter.domain.contract import ContractCheck
from importlinter.domain.helpers import module_expressions_to_modules


class IndependentFolders(IndependenceContract):
    """The folders of all ``modules`` do not import one another."""

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001  # as import-linter calls it
        """Check the folders of the modules instead of the modules."""
        found = module_expressions_to_modules(graph, self.modules)
        folders = {it.name.rpartition(".")[0] for it in found}
        folder_contract = IndependenceContract(
            self.name,
            self.session_options,
            {**self.contract_options, "modules": sorted(folders)},
        )
        return folder_contract.check(graph, verbose)
