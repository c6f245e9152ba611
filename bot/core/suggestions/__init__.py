"""What operators are helped with: procedures while they type, drafted answers, quick replies, the review of gaps."""
