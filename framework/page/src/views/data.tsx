/// The table of a dataset, or the datasets there are where no id is given: "41/speed.tables", "data:FILE", "upload:ID".
export default function Data({ id }: { id: string | null }) {
  return <h1>Data {id}</h1>;
}
