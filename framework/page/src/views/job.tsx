export default function JobView({ id, tab }: { id: number; tab: string }) {
  return <h1>Job {id} {tab}</h1>;
}
