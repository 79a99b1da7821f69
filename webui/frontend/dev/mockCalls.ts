/** Call records of the made-up backend. */
export function calls(): unknown {
  return { items: [], next: null }
}

export function call(): { status: number; body: unknown } | null {
  return null
}
